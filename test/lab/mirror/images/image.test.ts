import t from 'tap'
import {
  type Descriptor,
  imageConfig,
  imageIndex,
  imageManifest,
  MEDIA_TYPE,
  parseReference,
} from '../../../../lab/mirror/images/image.js'

const layer: Descriptor = { mediaType: MEDIA_TYPE.layer, digest: `sha256:${'a'.repeat(64)}`, size: 10 }

t.test('the configuration names its layers and keeps a PATH', async t => {
  const config = JSON.parse(imageConfig({ Entrypoint: ['/pause'], Env: ['A=1'] }, [layer]))
  t.strictSame(config.rootfs, { type: 'layers', diff_ids: [layer.digest] })
  t.match(config, { architecture: 'amd64', os: 'linux', config: { Entrypoint: ['/pause'], Env: [/^PATH=/, 'A=1'] } })
  t.equal(config.history.length, 1)
})

t.test('a manifest of schema 2 with its media types', async t => {
  const config: Descriptor = { mediaType: MEDIA_TYPE.config, digest: `sha256:${'b'.repeat(64)}`, size: 5 }
  t.strictSame(JSON.parse(imageManifest(config, [layer])), {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config,
    layers: [layer],
  })
})

t.test('the index names every image in full', async t => {
  t.match(imageIndex({ 'registry.k8s.io/pause:3.10.1': layer }).manifests, [
    { digest: layer.digest, annotations: { 'org.opencontainers.image.ref.name': 'registry.k8s.io/pause:3.10.1' } },
  ])
})

t.test('a full image name has host, repository and tag', async t => {
  t.strictSame(parseReference('docker.io/library/nginx:1.16.1'), {
    host: 'docker.io',
    repository: 'library/nginx',
    tag: '1.16.1',
  })
  for (const text of ['nginx', 'nginx:1', 'library/nginx:1', 'docker.io/library/nginx', ''])
    t.throws(() => parseReference(text), RangeError, text)
})
