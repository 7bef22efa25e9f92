import fc from 'fast-check'
import t from 'tap'
import { digestIn } from '../../../../engine/modules/network/digests.js'

const hex = 'ab'.repeat(32)
const other = 'cd'.repeat(32)

t.test('forms that lists have', async t => {
  const found = (published: string, name = 'f') => digestIn(published, 'sha256', name)
  t.equal(found(`${other}  g\n${hex}  f\n`), hex, 'sha256sum')
  t.equal(found(`${other} *g\r\n${hex.toUpperCase()} *f\r\n`), hex, 'binary mode, line ends of DOS')
  t.equal(found(`${hex}  ./f\n`), hex)
  t.equal(found(`SHA256 (g) = ${other}\nSHA256 (f) = ${hex}\n`), hex, 'BSD, sha256sum --tag')
  t.equal(found(`SHA256(f)= ${hex}\n`), hex, 'openssl')
  t.equal(found(`SHA2-256(f)= ${hex}\n`), hex, 'openssl 3')
  t.equal(found(`SHA512 (f) = ${other}\nSHA256 (f) = ${hex}\n`), hex, 'of several algorithms the one that is asked for')
  t.equal(found(`${hex}\n`), hex, 'one alone')
  t.equal(found(`${other}  a/f\n${hex}  f\n`), hex, 'the name itself before the same name in a folder')
  t.equal(found(`${hex}  a/f\n`), hex)
  t.equal(found(`# of 2026\n\n${hex}  f\n`), hex, 'remarks')
  t.equal(found(`SHA256 (a (1).iso) = ${hex}\n`, 'a (1).iso'), hex)
  t.equal(found(`${other}  g\n`), undefined)
  t.equal(found(`SHA512 (f) = ${other}\n`), undefined)
  t.equal(found('zz  f\n'), undefined)
  t.equal(found(''), undefined)
})

t.test('whatever the form, the line of a name gives its digest', async t => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._ +-]{0,20}[A-Za-z0-9]$/)
  const digest = fc.stringMatching(/^[0-9a-f]{64}$/)
  const form = fc.constantFrom(
    (n: string, d: string) => `${d}  ${n}`,
    (n: string, d: string) => `${d} *${n}`,
    (n: string, d: string) => `SHA256 (${n}) = ${d}`,
  )
  const entries = fc.uniqueArray(fc.tuple(name, digest), { minLength: 1, maxLength: 6, selector: ([n]) => n })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(entries, form, (all, line) => {
        const list = all.map(([n, d]) => `${line(n, d)}\n`).join('')
        for (const [n, d] of all) if (digestIn(list, 'sha256', n) !== d) return false
        return true
      }),
    ),
  )
})
