/** Where the makers publish a manifest, and what it is: the checksum of the file in their repository at the version's tag. */
interface Published {
  url(version: string): string
  readonly checksums: { readonly [version: string]: string }
}

export const defaultCalico = 'v3.28.5'
export const defaultFlannel = 'v0.28.9'

/** For VXLAN without BGP. */
export const publishedCalico: Published = {
  url: version => `https://raw.githubusercontent.com/projectcalico/calico/${version}/manifests/calico-vxlan.yaml`,
  checksums: {
    'v3.28.5': '034b15449b896732fd65e30ec109fb469fa97b78d0d8b6986dac478f7a960629',
    'v3.29.7': 'a88c69f912cd66242fa387a182e5e633ab8468aa626fde9f92526448671a9cbc',
    'v3.30.7': 'f54d9437d0596895d217db6ad4966d861e5c052cd0f900888e9c5dc2f8b0e606',
    'v3.31.7': '324475bc90d0fc6b432092b91a011190fdaed47823fcc936762ea58507c6a5a3',
  },
}

export const publishedFlannel: Published = {
  url: version => `https://raw.githubusercontent.com/flannel-io/flannel/${version}/Documentation/kube-flannel.yml`,
  checksums: {
    'v0.27.4': '2242ee218f3c3e724e4efe5f31826a3e38cfdabf334de41aee2b12b48fd4818d',
    'v0.28.9': 'e875824be2f552b45711dbda91af81b17eb961d00025d914d9fef18fad8f09c0',
  },
}

export interface Source {
  readonly url: string
  /** undefined: nobody knows what lies there. */
  readonly sha256: string | undefined
}

/** A mirror serves what it likes: only the makers' own address is known by its version. */
export const sourceOf = (
  published: Published,
  given: { readonly version: string; readonly url: string; readonly sha256: string },
): Source => {
  const own = published.url(given.version)
  const url = given.url || own
  return { url, sha256: given.sha256 || (url === own ? published.checksums[given.version] : undefined) }
}
