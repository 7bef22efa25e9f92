import t from 'tap'
import type { Node } from '../../../../engine/core/step.js'
import { load } from '../load.js'
import { code, site } from './texts.js'

t.test('the same use of a role is passed over where it ran, unless the role allows more', async t => {
  const uses = async (meta: string) => {
    const { plays } = await load(t, {
      'site.yml': site('- r\n- r\n- {role: r, x: 1}'),
      'roles/r/tasks/main.yml': '- ping:\n',
      'roles/r/meta/main.yml': meta,
    })
    const own = (plays[0]?.body ?? []).filter(node => node.kind === 'block' && node.role === 'r')
    return own.map(node => (node.kind === 'block' ? node.unlessRan?.replace(/^.*\/roles/, 'roles') : undefined))
  }
  const use = 'roles/r {"role":"r"}'
  t.strictSame(await uses(''), [use, use, 'roles/r {"role":"r","x":1}'])
  t.strictSame(await uses('allow_duplicates: true'), [undefined, undefined, undefined])
})

t.test('the same use of a TypeScript role is passed over too where it ran, as a dependency as well', async t => {
  const of = async (text: string, files: { readonly [path: string]: string } = {}) => {
    const { plays } = await load(t, { 'site.yml': text, 'roles/ts/role.ts': code, ...files })
    const within = (nodes: readonly Node[]): readonly (string | undefined)[] =>
      nodes.flatMap(node =>
        node.kind === 'role'
          ? [node.unlessRan?.replace(/^.*\/roles/, 'roles')]
          : node.kind === 'block'
            ? within(node.body)
            : [],
      )
    return within(plays[0]?.body ?? [])
  }
  const needing = {
    'roles/a/meta/main.yml': 'dependencies: [ts]',
    'roles/a/tasks/main.yml': '- ping:\n',
    'roles/b/meta/main.yml': 'dependencies: [ts]',
    'roles/b/tasks/main.yml': '- ping:\n',
  }
  const use = 'roles/ts {"role":"ts"}'
  t.strictSame(await of(site('- ts\n- ts\n- {role: ts, size: 2}')), [use, use, 'roles/ts {"role":"ts","size":2}'])
  t.strictSame(await of(site('- a\n- b'), needing), [use, use])
  const imports =
    '- hosts: all\n  tasks:\n    - import_role: {name: a}\n    - import_role: {name: b}\n    - import_role: {name: ts}\n'
  t.strictSame(
    await of(imports, needing),
    [use, use, undefined],
    'unless it ran on the host; an import of its own runs',
  )
})
