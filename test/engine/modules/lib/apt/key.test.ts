import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import t from 'tap'
import { dearmor, keyBytes, parseKey, planKey } from '../../../../../engine/modules/lib/apt/key.js'
import { sha256 } from '../../../../../engine/modules/lib/checksum.js'

const armor = (bytes: Uint8Array, headers = ''): string => {
  const body = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n')
  return `-----BEGIN PGP PUBLIC KEY BLOCK-----\n${headers}\n${body}\n=wxyz\n-----END PGP PUBLIC KEY BLOCK-----\n`
}

t.test('armor comes off', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.boolean(), (bytes, withHeaders) =>
      Buffer.from(bytes).equals(dearmor(armor(bytes, withHeaders ? 'Version: GnuPG v2\nComment: x\n' : ''))),
    ),
  )
})

t.test('several blocks are one keyring', async t => {
  t.same(dearmor(armor(Uint8Array.of(1, 2)) + armor(Uint8Array.of(3))), Buffer.from([1, 2, 3]))
})

const key = armor(Uint8Array.of(0x99, 1, 2))

t.test('the file’s name tells the form', async t => {
  t.same(keyBytes('/k.gpg', key), Buffer.from([0x99, 1, 2]))
  t.equal(Buffer.from(keyBytes('/k.asc', `\n${key}\n`)).toString(), `${key.trim()}\n`)
})

t.test('what sha256sum and od print', async t => {
  t.equal(parseKey(''), undefined)
  t.same(parseKey('ab12  -\n 2d 2d 2d 2d 2d\n'), { sha256: 'ab12', form: 'armored' })
  t.same(parseKey('ab12  -\n 99 01 02 03 04\n'), { sha256: 'ab12', form: 'binary' })
  t.same(parseKey('ab12  -\n 3c 68 74 6d 6c\n'), { sha256: 'ab12', form: 'neither' })
})

t.test('a key given by its text is compared', async t => {
  const wanted = { path: '/k.asc', text: key }
  t.same(planKey(wanted, { sha256: sha256(`${key.trim()}\n`), form: 'armored' }), [])
  t.equal(planKey(wanted, { sha256: 'other', form: 'armored' }).length, 1)
  t.equal(planKey(wanted, undefined).length, 1)
})

t.test('a key behind a URL counts as it is, unless a checksum says more', async t => {
  const seen = { sha256: 'ab', form: 'binary' } as const
  t.same(planKey({ path: '/k.gpg', url: 'https://a.example' }, seen), [])
  t.equal(
    planKey({ path: '/k.asc', url: 'https://a.example' }, seen).length,
    1,
    'apt would not read it under this name',
  )
  t.same(planKey({ path: '/k.gpg', url: 'https://a.example', checksum: 'sha256:AB' }, seen), [])
  t.equal(planKey({ path: '/k.gpg', url: 'https://a.example', checksum: 'cd' }, seen).length, 1)
})
