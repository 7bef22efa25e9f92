import fc from 'fast-check'
import t from 'tap'
import { ExactNumber, type Json } from '../../../engine/core/json.js'
import { fromJson } from '../../../engine/core/value.js'
import { jsonText, parseJsonText } from '../../../engine/python/json-text.js'
import { toJson } from '../../../engine/python/to-json.js'

const exact = ['18446744073692774399', '-9007199254740993', `1${'0'.repeat(400)}`, '2.0', '-0.0', '1e+16', '0.0']
const plain = ['0', '-1', '9007199254740991', '0.1', '-2.5', '123456.75']

t.test('a number is written as it was read', async t => {
  for (const written of [...exact, ...plain]) t.equal(jsonText(parseJsonText(written)), written)
  const all = `{"a":[${[...exact, ...plain].join(',')}],"b":{"c":${exact[0]}}}`
  t.equal(jsonText(parseJsonText(all)), all)
})

t.test('and it is one while it is a variable', async t => {
  for (const written of [...exact, ...plain]) t.equal(jsonText(toJson(fromJson(parseJsonText(written)))), written)
})

t.test('other spellings become those of Python', async t => {
  t.equal(jsonText(parseJsonText('[1e3, 1E-7, 2.00, 1.5e2]')), '[1000.0,1e-7,2.0,150.0]')
})

t.test('a number inside of text is text', async t => {
  const json = { '2.0': '"18446744073692774399"', list: ['2.0', new ExactNumber('2.0'), '1e5'] }
  t.equal(jsonText(json), '{"2.0":"\\"18446744073692774399\\"","list":["2.0",2.0,"1e5"]}')
  t.same(parseJsonText(jsonText(json)), json)
})

t.test('without jsonText it is the nearest number, also after jsonText threw', async t => {
  const circle: { [key: string]: unknown } = { number: new ExactNumber('2.0') }
  circle['self'] = circle
  t.throws(() => jsonText(circle), TypeError)
  t.equal(JSON.stringify(new ExactNumber('2.0')), '2')
})

t.test('a string of many MB is read, escapes and all', async t => {
  const long = 'a"\\\n'.repeat(5_000_000)
  const read = parseJsonText(`{"exact": 2.0, "long": ${JSON.stringify(long)}, "end": "\\\\"}`) as {
    long: string
    end: string
  }
  t.ok(read.long === long)
  t.equal(read.end, '\\')
  for (const wrong of ['["2.0]', '["2.0\\"]', '["2.0\n"]', '["2.0\\x"]', '{2.0: 1}'])
    t.throws(
      () => parseJsonText(wrong),
      { name: 'SyntaxError', message: 'a string was expected in line 1, column 2' },
      wrong,
    )
})

t.test('all JSON is read back as it was', async t => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.bigInt(), (value, number) => {
      const json = [value as Json, toJson(number)]
      t.same(
        parseJsonText(jsonText(json)),
        json.map(one => parseJsonText(jsonText(one))),
      )
      t.equal(jsonText(parseJsonText(jsonText(json))), jsonText(json))
    }),
  )
})

t.test('what is no JSON is refused, with long numbers in it too', async t => {
  for (const bad of ['{"a": 18446744073692774399', '[2.0,]', '2.0.0', '', '{2.0: 1}'])
    t.throws(() => parseJsonText(bad), SyntaxError)
})
