import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { Secret } from '../../../../engine/core/value.js'
import { KeyFiles } from '../../../../engine/transport/ssh/key-files.js'

const dir = t.testdir()
const keygen = (name: string, type: readonly string[], passphrase = ''): string => {
  const file = join(dir, name)
  execFileSync('ssh-keygen', ['-q', '-N', passphrase, '-C', name, '-f', file, '-t', ...type])
  return file
}
const data = Buffer.from('what a server wants signed')

const kinds = [
  { name: 'ed25519', type: ['ed25519'], hashes: [undefined] },
  { name: 'ecdsa', type: ['ecdsa', '-b', '384'], hashes: [undefined, 'sha384'] },
  { name: 'rsa', type: ['rsa', '-b', '2048'], hashes: [undefined, 'sha1', 'sha256', 'sha512'] },
  { name: 'old-rsa', type: ['rsa', '-b', '2048', '-m', 'PEM'], hashes: [undefined, 'sha512'] },
] as const

for (const { name, type, hashes } of kinds) {
  t.test(`${name}: what the key signs is verified by its public half, whatever the hash`, async t => {
    const loaded = await new KeyFiles().load(keygen(name, type), undefined)
    if (!('key' in loaded)) throw new Error(loaded.why)
    for (const hash of hashes) {
      const signature = loaded.key.sign(data, hash)
      t.ok(Buffer.isBuffer(signature), `${hash}: a signature`)
      t.equal(loaded.key.verify(data, signature, hash), true, `${hash}`)
      t.not(loaded.key.verify(Buffer.from('another thing'), signature, hash), true)
    }
  })
}

t.test('a hash that nobody knows is an error and no exception, as in ssh2', async t => {
  const loaded = await new KeyFiles().load(keygen('strange', ['rsa', '-b', '2048']), undefined)
  t.type('key' in loaded && loaded.key.sign(data, 'sha-none'), Error)
})

t.test('a passphrase opens the key; without it, or with a wrong one, it is said', async t => {
  const file = keygen('locked', ['ed25519'], 'open sesame')
  const keys = new KeyFiles()
  t.ok('key' in (await keys.load(file, new Secret('open sesame'))))
  t.match(await keys.load(file, undefined), { why: 'needs a passphrase' })
  t.match(await keys.load(file, new Secret('wrong')), { why: 'wrong passphrase' })
})
