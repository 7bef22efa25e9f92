/** A published manifest: its URL, and the checksum of the file in the project's repository at each version's tag. */
interface Published {
  url(version: string): string
  readonly checksums: { readonly [version: string]: string }
}

export const defaultCalico = 'v3.28.5'
export const defaultFlannel = 'v0.28.9'

const calicos = (file: string, checksums: Published['checksums']): Published => ({
  url: version => `https://raw.githubusercontent.com/projectcalico/calico/${version}/manifests/${file}`,
  checksums,
})

/** The manifest for VXLAN without BGP. */
export const publishedCalico = calicos('calico-vxlan.yaml', {
  'v3.28.5': '034b15449b896732fd65e30ec109fb469fa97b78d0d8b6986dac478f7a960629',
  'v3.29.7': 'a88c69f912cd66242fa387a182e5e633ab8468aa626fde9f92526448671a9cbc',
  'v3.30.7': 'f54d9437d0596895d217db6ad4966d861e5c052cd0f900888e9c5dc2f8b0e606',
  'v3.31.7': '324475bc90d0fc6b432092b91a011190fdaed47823fcc936762ea58507c6a5a3',
})

/** The manifest with Typha, for BGP; patches change it to VXLAN. */
export const publishedTypha = calicos('calico-typha.yaml', {
  'v3.28.5': '0126ae47ad72cd8c6266f5ea07a299c0ab0ff56a6f06743d26494b10291080f0',
  'v3.29.7': 'a6553e0feac5d703981568c9d7954f52d6b2abb51adace0a52bb65a80e9275d6',
  'v3.30.7': 'a11fc074d2f7197e38af5fefdc58697e881da8eadc0778f2493a18a0a5908cfd',
  'v3.31.7': '86bdaabf6098f98320773a257f3408f70a8654e9ccf26a48e717ef2d028d71b7',
})

export const publishedOperator = calicos('tigera-operator.yaml', {
  'v3.28.5': '69159fe3450ff0cf8b6db29e2b011a287ed5d8de341e81812c98aae69d3e51b5',
  'v3.29.7': 'a571ef21476c026618a7c7b092a3ab1744ec191e02492655d8c1468ac08f25f2',
  'v3.30.7': 'bcc9f89c1847ee5237c29c1b7e4a67c86296cb0139619093df6ca98ec14abf18',
  'v3.31.7': '092c10b3d0cb73617aca51367ca59755348f4647e6d2e63fa4e5b81266203214',
})

/** The operator's CRDs; up to 3.29 its own manifest contains them. */
export const publishedOperatorCrds = calicos('operator-crds.yaml', {
  'v3.30.7': '53b2e2791915809db8016b72d4ceac9d1dd529d053984eb203c06b94c6639ee3',
  'v3.31.7': '380414d5756e9a1af29ddb1ad70cada07aa344ae7a2680ba7355248621f8adbf',
})

export const publishedFlannel: Published = {
  url: version => `https://raw.githubusercontent.com/flannel-io/flannel/${version}/Documentation/kube-flannel.yml`,
  checksums: {
    'v0.27.4': '2242ee218f3c3e724e4efe5f31826a3e38cfdabf334de41aee2b12b48fd4818d',
    'v0.28.9': 'e875824be2f552b45711dbda91af81b17eb961d00025d914d9fef18fad8f09c0',
  },
}

export interface Source {
  readonly url: string
  /** Undefined where the content at the URL is not known. */
  readonly sha256: string | undefined
}

/**
 * The URL and checksum of a manifest. A version's checksum is known only for the project's own URL: a mirror may serve
 * anything.
 */
export const sourceOf = (
  published: Published,
  wanted: { readonly version: string; readonly url: string; readonly sha256: string },
): Source => {
  const own = published.url(wanted.version)
  const url = wanted.url || own
  return { url, sha256: wanted.sha256 || (url === own ? published.checksums[wanted.version] : undefined) }
}
