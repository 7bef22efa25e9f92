/** The parts of the OCI image format that are needed to make an image out of layers. Pure: documents in, documents out. */

export const MEDIA_TYPE = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const

export interface Descriptor {
  readonly mediaType: string
  /** `sha256:<64 hex digits>` */
  readonly digest: string
  readonly size: number
}

/** How a container of the image starts, under the names of the OCI configuration. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Env?: readonly string[]
  readonly User?: string
  readonly WorkingDir?: string
}

const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** Constant, or an image would have another digest each time that it is made. */
const CREATED = '2026-01-01T00:00:00Z'

/** The configuration document. Layers are not compressed, so that a layer's digest is its diff id too. */
export function imageConfig(config: ImageConfig, layers: readonly Descriptor[]): string {
  return JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: CREATED,
    config: { ...config, Env: [PATH, ...(config.Env ?? [])] },
    rootfs: { type: 'layers', diff_ids: layers.map(layer => layer.digest) },
    history: layers.map(() => ({ created: CREATED, created_by: 'tkplay lab' })),
  })
}

export function imageManifest(config: Descriptor, layers: readonly Descriptor[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.manifest, config, layers })
}

/** An image's full name, as containers are written with it: `registry.k8s.io/pause:3.10.1`. */
export interface Reference {
  readonly host: string
  readonly repository: string
  readonly tag: string
}

/** @throws RangeError when the host, the repository or the tag is missing: nothing is guessed. */
export function parseReference(text: string): Reference {
  const parts = /^([^/]+\.[^/]+)\/([a-z0-9._/-]+):([\w.-]+)$/.exec(text)
  const [, host, repository, tag] = parts ?? []
  if (host === undefined || repository === undefined || tag === undefined)
    throw new RangeError(`not a full image name: ${text}`)
  return { host, repository, tag }
}

/** What the registry serves: an OCI index in which each manifest carries the full name under which it is asked for. */
export interface ImageIndex {
  readonly schemaVersion: 2
  readonly mediaType: string
  readonly manifests: readonly (Descriptor & { readonly annotations: Readonly<Record<string, string>> })[]
}

export const REFERENCE_NAME = 'org.opencontainers.image.ref.name'

export const imageIndex = (images: Readonly<Record<string, Descriptor>>): ImageIndex => ({
  schemaVersion: 2,
  mediaType: MEDIA_TYPE.index,
  manifests: Object.entries(images).map(([name, manifest]) => ({
    ...manifest,
    annotations: { [REFERENCE_NAME]: name },
  })),
})
