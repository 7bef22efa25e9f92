import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { toYaml } from '../../../lab/inventory/yaml.js'
import type { Json } from '../../../lab/state/state.js'

t.test('what is written is read back as the same data', async () => {
  const json = fc.jsonValue({ noUnicodeString: false }).map(value => JSON.parse(JSON.stringify(value)) as Json)
  fc.assert(
    fc.property(json, value => {
      for (const version of ['1.1', '1.2'] as const) {
        const back = parse(toYaml(value), { version })
        if (JSON.stringify(back) !== JSON.stringify(value)) throw new Error(`${version}: ${toYaml(value)}`)
      }
    }),
    {
      examples: [
        ['no'],
        ['1.30'],
        ['0644'],
        ['a: b'],
        ['http://10.77.0.1:8080/x/'],
        [{ 'registry.k8s.io': ['on'] }],
        [[[1, []], {}]],
      ].map(([v]) => [v as Json]),
    },
  )
})

t.test('it is readable', async t => {
  t.equal(
    toYaml({
      ansible_user: 'root',
      kubernetes_version: '1.34.4',
      mirrors: { 'docker.io': ['http://10.77.0.1:8080'] },
      none: [],
    }),
    `ansible_user: root
kubernetes_version: "1.34.4"
mirrors:
  docker.io:
    - http://10.77.0.1:8080
none: []
`,
  )
})
