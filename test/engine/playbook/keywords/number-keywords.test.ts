import fc from 'fast-check'
import t from 'tap'
import { Bytes, Float, fromJson, Secret, Unsafe, type Value } from '../../../../engine/core/value.js'
import {
  NoNumber,
  type NumberKeyword,
  readNumber,
  readSerial,
} from '../../../../engine/playbook/keywords/number-keywords.js'
import { omit } from '../../../../engine/template/index.js'

const whole: readonly NumberKeyword[] = ['async', 'poll', 'retries', 'throttle', 'timeout']
const keywords: readonly NumberKeyword[] = [...whole, 'delay', 'pause', 'max_fail_percentage']

const said = (name: NumberKeyword, value: Value): string | number | undefined => {
  const read = readNumber(name, value)
  return read instanceof NoNumber ? read.message : read
}

/** What ansible-core makes of them, but for what is not finite: it takes those for `delay` and fails when it sleeps. */
const readAlike: readonly (readonly [value: Value, read: number | undefined])[] = [
  [0, 0],
  [new Float(2), 2],
  ['2', 2],
  [' 2 ', 2],
  ['1.0', 1],
  ['1e1', 10],
  ['1_0', 10],
  [true, 1],
  [7n, 7],
  [new Unsafe('3'), 3],
  [new Secret<Value>('3'), 3],
  [null, undefined],
  [omit, undefined],
]

const refused: readonly Value[] = [
  '',
  'x',
  '0x10',
  '1__0',
  '_1',
  '.',
  'e1',
  'nan',
  'inf',
  '1 2',
  [1],
  new Map(),
  new Bytes(new Uint8Array()),
]

t.test('numbers are read as in Ansible', async t => {
  for (const name of keywords) {
    for (const [value, read] of readAlike) t.equal(said(name, value), read, `${name}: ${String(value)}`)
    for (const value of [...refused, Number.NaN, Number.POSITIVE_INFINITY, new Float(Number.NEGATIVE_INFINITY)])
      t.match(said(name, value), /must be a/, `${name}: ${String(value)}`)
  }
  for (const name of whole) for (const value of [1.5, '.5']) t.match(said(name, value), /must be a whole number/)
  for (const name of ['delay', 'pause'] as const) t.equal(said(name, '.5'), 0.5)
  t.equal(said('retries', -1), -1)
  t.equal(said('max_fail_percentage', '30%'), 30)
  t.equal(said('timeout', 100_000_000), 100_000_000)
  for (const value of [-1, 100_000_001, 10n ** 22n]) t.match(said('timeout', value), /from 0 to 100000000, not /)
  t.equal(said('pause', -1), "'pause' must be a number from 0 on, not -1")
})

t.test('a secret is not told', async t => {
  t.equal(said('retries', new Secret<Value>('hunter2')), "'retries' must be a whole number, not a secret")
})

t.test('serial is a number of hosts, or a percentage', async t => {
  for (const value of [2, -1, '30%', '2']) t.not(readSerial(value) instanceof NoNumber, true, String(value))
  for (const value of [0.5, Number.NaN, 'x', '%', '-5%', null, [1]] as readonly Value[])
    t.ok(readSerial(value) instanceof NoNumber, String(value))
})

t.test('whatever comes, what is read is finite, and whole where it must be', async () => {
  const numbers = fc.oneof(
    fc.double(),
    fc.bigInt(),
    fc.double().map(one => new Float(one)),
    fc.double().map(String),
  )
  const values = fc.oneof(
    numbers,
    fc.string(),
    fc.jsonValue().map(one => fromJson(one as never)),
  )
  fc.assert(
    fc.property(fc.constantFrom(...keywords), values, (name, value) => {
      const read = readNumber(name, value)
      if (read === undefined || read instanceof NoNumber) return true
      return Number.isFinite(read) && (!whole.includes(name) || Number.isInteger(read))
    }),
  )
})
