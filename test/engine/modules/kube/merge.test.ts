import fc from 'fast-check'
import t from 'tap'
import { mergeSettings } from '../../../../engine/modules/kube/merge.js'

t.test('settings are merged by key, named lists by name, and null takes out', async t => {
  const base = {
    apiServer: {
      extraArgs: [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ],
    },
    mode: 'iptables',
    list: [1, 2],
  }
  t.same(
    mergeSettings(base, {
      apiServer: {
        extraArgs: [
          { name: 'b', value: '3' },
          { name: 'c', value: '4' },
        ],
      },
      mode: null,
      list: [3],
    }),
    {
      apiServer: {
        extraArgs: [
          { name: 'a', value: '1' },
          { name: 'b', value: '3' },
          { name: 'c', value: '4' },
        ],
      },
      list: [3],
    },
  )
})

t.test('merging nothing changes nothing, and merging twice is merging once', async t => {
  const settings = fc.dictionary(
    fc.string(),
    fc.oneof(fc.string(), fc.integer(), fc.dictionary(fc.string(), fc.boolean())),
  )
  fc.assert(
    fc.property(settings, settings, (base, extra) => {
      t.same(mergeSettings(base, {}), base)
      t.same(mergeSettings(mergeSettings(base, extra), extra), mergeSettings(base, extra))
    }),
  )
})
