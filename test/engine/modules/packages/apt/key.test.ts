import { Buffer } from 'node:buffer'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { dearmor, keyBytes, parseKey, planKey, publishedText } from '../../../../../engine/modules/packages/apt/key.js'
import { sha256 } from '../../../../../engine/modules/support/checksum.js'

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

t.test('a key behind a URL is compared with what is there now, unless a checksum says more', async t => {
  const seen = { sha256: 'ab', form: 'binary' } as const
  t.same(planKey({ path: '/k.gpg', url: 'https://a.example' }, seen), [])
  t.equal(
    planKey({ path: '/k.asc', url: 'https://a.example' }, seen).length,
    1,
    'apt would not read it under this name',
  )
  t.same(planKey({ path: '/k.gpg', url: 'https://a.example', checksum: 'sha256:AB' }, seen), [])
  t.equal(planKey({ path: '/k.gpg', url: 'https://a.example', checksum: 'cd' }, seen).length, 1)
  const published = { ...seen, published: { sha256: 'cd' } }
  t.equal(planKey({ path: '/k.gpg', url: 'https://a.example' }, published).length, 1, 'it was renewed')
  t.same(planKey({ path: '/k.gpg', url: 'https://a.example' }, { ...seen, published: { sha256: 'ab' } }), [])
})

const skip = existsSync('/usr/lib/apt/apt-helper') ? false : 'this machine has no apt'

t.test('what the host finds at the URL', { skip }, async t => {
  const dir = t.testdir({
    'key.asc': key,
    page: '<html>',
    broken: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n!!\n-----END',
  })
  const at = (path: string, url: string): string =>
    spawnSync('/bin/sh', ['-c', publishedText({ path, url })], { encoding: 'utf8' }).stdout
  const seen = `${dir}/key.asc`
  t.equal(at(`${dir}/none`, `file://${seen}`), '', 'nothing is fetched where there is no key to compare')
  t.same(parseKey('ab  -\n 99\n', at(seen, `file://${seen}`))?.published, { sha256: sha256(key) })
  t.same(parseKey('ab  -\n 99\n', at(seen, `file://${dir}/page`))?.published, {
    missing: 'what was fetched is not an OpenPGP key',
  })
  t.same(parseKey('ab  -\n 99\n', at(seen, `file://${dir}/broken`))?.published, {
    missing: "the key's armor is broken",
  })
  t.match(parseKey('ab  -\n 99\n', at(seen, `file://${dir}/gone`))?.published, { missing: /File not found/ })
  t.equal(publishedText({ path: seen, url: 'https://a.example', checksum: 'ab' }), ':')
})
