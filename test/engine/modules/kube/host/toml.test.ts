import t from 'tap'
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
    'version = 2\non = true\nlist = ["x", 1]\n\n[a.b]\nc = 1\n\n["x.y"]\n"k k" = "é\\"\\n"\n\n[[many]]\nn = 1\n\n[[many]]\nn = 2\n\n[none]\n',
  )
})
