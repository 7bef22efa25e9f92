import fc from 'fast-check'
import t from 'tap'
import { Bytes, Float, type Value } from '../../../engine/core/value.js'
import { pythonLiteral } from '../../../engine/python/literal.js'

const cases: readonly (readonly [string, Value | undefined])[] = [
  ['5', 5],
  ['-5', -5],
  ['0', 0],
  ['00', 0],
  ['01', undefined],
  ['0644', undefined],
  ['0o644', 420],
  ['0x1F', 31],
  ['1_000', 1000],
  ['1.5', 1.5],
  ['1.', new Float(1)],
  ['.5', 0.5],
  ['1e3', new Float(1000)],
  ['1.30.2', undefined],
  ['10.0.0.1', undefined],
  ['99999999999999999', 99_999_999_999_999_999n],
  ['True', true],
  ['true', undefined],
  ['yes', undefined],
  ['None', null],
  ['Nonesuch', undefined],
  ['"a" \'b\'', 'ab'],
  ['r"\\n"', '\\n'],
  ['"\\x41\\u00e9\\101\\q"', 'AéA\\q'],
  ['"""a\nb"""', 'a\nb'],
  ['b"hi"', new Bytes(Buffer.from('hi'))],
  ['[1, "a", [True,],]', [1, 'a', [true]]],
  ['[1 2]', undefined],
  ['[,]', undefined],
  ['()', []],
  ['(1)', 1],
  ['(1,)', [1]],
  [
    "{'a': 1, 2: {}}",
    new Map<Value, Value>([
      ['a', 1],
      [2, new Map()],
    ]) as Value,
  ],
  ["{'a', 'b'}", ['a', 'b']],
  ["{'a': 1 'b': 2}", undefined],
  ['5 # a comment', 5],
  ['', undefined],
  ['a', undefined],
  ['"open', undefined],
  ['__import__("os")', undefined],
]

t.test('what ast.literal_eval makes of it', async t => {
  for (const [text, value] of cases) t.same(pythonLiteral(text), value, text)
})

const repr = (value: Value): string => {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Map) return `{${[...value].map(([key, one]) => `${repr(key)}: ${repr(one)}`).join(', ')}}`
  return String(value)
}

t.test('what repr() writes is read back', async t => {
  const { value } = fc.letrec<{ value: Value }>(tie => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Value>(null, true, false),
      fc.integer(),
      fc.string().map(text => text.replaceAll('\r', '')),
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .array(fc.tuple(fc.string({ unit: 'grapheme-ascii' }), tie('value')), { maxLength: 4 })
        .map(entries => new Map(entries)),
    ),
  }))
  fc.assert(fc.property(value, one => t.same(pythonLiteral(repr(one)), one)))
})

t.test('any text is a value or is not, and nothing is thrown', async t => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'[](){},:\'"\\0x1.e- TrueN#b') }), text => {
      pythonLiteral(text)
      t.pass()
    }),
  )
})
