import t from 'tap'
import { type Descriptor, imageIndex, MEDIA_TYPE } from '../../../../lab/mirror/images/image.js'
import { manifestFinder, parseRegistryPath } from '../../../../lab/mirror/server/registry.js'

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`

t.test('requests of the protocol', async t => {
  t.strictSame(parseRegistryPath('/v2/'), { kind: 'ping' })
  t.strictSame(parseRegistryPath('/v2/calico/node/manifests/v3.28.5?ns=docker.io'), {
    kind: 'manifest',
    repository: 'calico/node',
    reference: 'v3.28.5',
    host: 'docker.io',
  })
  t.match(parseRegistryPath(`/v2/pause/manifests/${digest('a')}`), { reference: digest('a'), host: undefined })
  t.strictSame(parseRegistryPath(`/v2/pause/blobs/${digest('a')}`), { kind: 'blob', digest: digest('a') })
})

t.test('what is not one is none: a blob is named by its digest only', async t => {
  for (const path of [
    '/v2/x',
    '/v2/pause/blobs/..%2f..',
    '/v2/pause/blobs/sha256:ab',
    '/v2/pause/blobs/../../etc/passwd',
    '/v2/pause/tags/list',
  ])
    t.equal(parseRegistryPath(path), undefined, path)
})

t.test('images are told apart by the registry that is stood in for', async t => {
  const manifest = (letter: string): Descriptor => ({ mediaType: MEDIA_TYPE.manifest, digest: digest(letter), size: 1 })
  const find = manifestFinder(
    imageIndex({ 'docker.io/library/a:1': manifest('a'), 'quay.io/library/a:1': manifest('b') }),
  )
  const ask = (reference: string, host?: string) =>
    find({ kind: 'manifest', repository: 'library/a', reference, host })?.digest
  t.equal(ask('1', 'docker.io'), digest('a'))
  t.equal(ask('1', 'quay.io'), digest('b'))
  t.equal(ask('1', 'registry.k8s.io'), undefined)
  t.equal(ask('1'), digest('a'), 'a client that does not say takes the first')
  t.equal(ask(digest('b'), 'quay.io'), digest('b'))
  t.equal(ask('2', 'quay.io'), undefined)
})
