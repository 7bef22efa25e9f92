import t from 'tap'
import { parseYaml } from '../../../../engine/config/yaml/yaml.js'
import type { Dict } from '../../../../engine/core/value.js'
import { rank } from '../../../../engine/core/vars.js'
import { bindings } from '../../../../engine/inventory/yaml.js'
import { load, saidOf, value } from '../load.js'
import { code, site } from './texts.js'

t.test('a role in TypeScript runs without a build', async t => {
  const { plays } = await load(t, {
    'site.yml': site('- role: ts\n  kind: "{{ k }}"\n  tags: t\n  become: true'),
    'roles/ts/role.ts': code,
  })
  const [use] = plays[0]?.body ?? []
  if (use?.kind !== 'role') {
    t.fail('no role')
    return
  }
  t.match(use, {
    role: { name: 'ts' },
    inherits: { tags: ['t'], origin: { role: { name: 'ts', path: /roles\/ts$/ } } },
  })
  t.same([...use.given.bindings.keys()], ['kind'])
  t.equal(value(use.inherits.become.become), true)
  t.match(plays[0]?.vars, [{ rank: rank.roleDefaults, bindings: new Map([['size', { value: 1, data: true }]]) }])
  const made = use.role.steps({ size: 3 } as never, {} as never)
  t.match(made, [{ kind: 'role-step', name: 'a', module: 'command' }])
})

t.test("variables that are a role's parameters are judged by its schema, for every host those that win", async t => {
  const files = {
    'site.yml': site('- ts4'),
    'roles/ts4/role.ts': code.replace("kind: { type: 'string' }", "kind: { type: 'string', format: 'version' }"),
  }
  const layer = (rank: number, text: string) => ({
    rank,
    name: 'x',
    bindings: bindings(
      parseYaml(text, 'vars.yml') as Dict,
      { file: 'vars.yml', line: 1, col: 1 },
      { problem: () => {} },
    ),
  })
  const told = (all: string, host: string) =>
    saidOf(t, files, {
      inventory: {
        names: ['n'],
        selectForPlay: () => ['n'],
        layersOf: () => [layer(rank.groupVarsInventory, all), layer(rank.hostVarsInventory, host)],
      },
    })
  t.equal(
    await told('kind: 1.30', 'a: 1'),
    "vars.yml:1:1: role ts: kind: the number 1.30 where a version belongs (YAML reads it as 1.3) — quote it: '1.30'",
  )
  t.equal(
    await told('size: many', 'a: 1'),
    "vars.yml:1:1: role ts: size: expected an integer, not 'many' — write a number without quotes",
  )
  t.equal(await told('size: many', 'size: 3'), 'no error', 'it does not win')
  t.equal(await told('size: "{{ x }}"', 'a: 1'), 'no error', 'a template is known later')
})
