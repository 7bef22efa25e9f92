import { createHash } from 'node:crypto'
import t from 'tap'
import { digestIn, isDigest } from '../../../../engine/modules/network/digests.js'
import { paramsOf } from '../../../support/cases.js'
import { named } from '../../../support/real.js'

const algorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']
const digestOf = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex')
const given = (checksum: string): unknown =>
  paramsOf(named('get_url'), { url: 'https://example.com/x', dest: '/x', checksum })

t.test('a checksum is a whole digest, or invalid', async t => {
  for (const algorithm of algorithms) {
    const hex = digestOf(algorithm, 'x')
    t.doesNotThrow(() => given(`${algorithm}:${hex}`))
    t.doesNotThrow(() => given(`${algorithm}: ${hex.toUpperCase()} `))
    for (const other of ['', hex.slice(0, -1), `${hex}0`, hex.replace(/.$/, 'g')]) {
      t.throws(() => given(`${algorithm}:${other}`), { message: /checksum/ }, `${algorithm}:${other}`)
      t.notOk(isDigest(algorithm, other))
      t.equal(digestIn(`${other}  x\n`, algorithm, 'x'), undefined)
    }
  }
  t.doesNotThrow(() => given(''))
  t.doesNotThrow(() => given('sha256:https://example.com/SUMS'))
  t.throws(() => given('sha3:00'))
})
