import fc from 'fast-check'
import { parse } from 'smol-toml'
import t from 'tap'
import { ExactNumber, type Json, type JsonObject } from '../../../../../engine/core/json.js'
import { toToml } from '../../../../../engine/modules/kube/host/toml.js'

t.test('TOML: values before tables, tables of nothing but tables without a header', async t => {
  t.equal(
    toToml({
      a: { b: { c: 1 } },
      version: 2,
      on: true,
      list: ['x', 1],
      skip: null,
      'x.y': { 'k k': 'é"\n' },
      many: [{ n: 1 }, { n: 2 }],
      none: {},
    }),
    'version = 2\non = true\nlist = [ "x", 1 ]\n\n[a.b]\nc = 1\n\n["x.y"]\n"k k" = "é\\"\\n"\n\n[[many]]\nn = 1\n\n[[many]]\nn = 2\n\n[none]\n',
  )
})

t.test('an int stays an int and a float a float, nulls go, and no byte stands there that TOML forbids', async t => {
  const settings = {
    whole: new ExactNumber('2.0'),
    large: new ExactNumber('9007199254740993'),
    half: 0.5,
    negative: -3,
    list: [1, null, { inner: 1.5, none: null }],
    text: 'a\u007fb\u0000',
  }
  t.equal(
    toToml(settings),
    'whole = 2.0\nlarge = 9007199254740993\nhalf = 0.5\nnegative = -3\nlist = [ 1, { inner = 1.5 } ]\ntext = "a\\u007fb\\u0000"\n',
  )
})

t.test('what is written is read back', async t => {
  const value = fc.letrec<{ value: Json; leaf: Json; table: JsonObject }>(tie => ({
    leaf: fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.integer(), fc.constantFrom(0.5, -1e-7, 1e300)),
    table: fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4 }),
    value: fc.oneof({ maxDepth: 3 }, tie('leaf'), fc.array(tie('value'), { maxLength: 3 }), tie('table')),
  })).table
  fc.assert(fc.property(value, settings => t.same(parse(toToml(settings)), settings)))
})
