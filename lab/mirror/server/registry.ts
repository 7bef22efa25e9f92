import { type ImageIndex, parseReference, REFERENCE_NAME } from '../images/image.js'

/** What a request of the registry's protocol asks for (OCI distribution, «pull» only). */
export type RegistryRequest =
  | { readonly kind: 'ping' }
  | {
      readonly kind: 'manifest'
      readonly repository: string
      readonly reference: string
      readonly host: string | undefined
    }
  | { readonly kind: 'blob'; readonly digest: string }

/** The request behind a path such as `/v2/calico/node/manifests/v3.28.5?ns=docker.io`; undefined when it is none. */
export function parseRegistryPath(path: string): RegistryRequest | undefined {
  const url = new URL(path, 'http://mirror')
  if (url.pathname === '/v2/' || url.pathname === '/v2') return { kind: 'ping' }
  const [, repository, what, reference] =
    /^\/v2\/([a-z0-9._/-]+)\/(manifests|blobs)\/([\w.:-]+)$/.exec(url.pathname) ?? []
  if (repository === undefined || reference === undefined) return undefined
  if (what === 'manifests')
    return { kind: 'manifest', repository, reference, host: url.searchParams.get('ns') ?? undefined }
  return /^sha256:[0-9a-f]{64}$/.test(reference) ? { kind: 'blob', digest: reference } : undefined
}

/**
 * Finds manifests by what is asked for. One mirror stands for several registries, and says apart what they name alike: a
 * client that uses it as a mirror adds the registry it stands in for (`ns`, which containerd always sends).
 */
export function manifestFinder(index: ImageIndex) {
  const images = index.manifests.map(manifest => ({
    manifest,
    ...parseReference(manifest.annotations[REFERENCE_NAME] ?? ''),
  }))
  return (request: Extract<RegistryRequest, { kind: 'manifest' }>) =>
    images.find(
      ({ manifest, host, repository, tag }) =>
        repository === request.repository &&
        (request.reference === tag || request.reference === manifest.digest) &&
        (request.host === undefined || request.host === host),
    )?.manifest
}
