import t from 'tap'
import { computed } from '../../../../engine/core/expr.js'
import { defineRole, step as roleStep } from '../../../../engine/core/role.js'
import type { RoleUse } from '../../../../engine/core/step.js'
import { rank } from '../../../../engine/core/vars.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

const role = defineRole({
  name: 'r',
  doc: 'A role.',
  params: {},
  steps: () => [roleStep('act', 'act', { cmd: 'role' })],
})
const use: RoleUse = {
  kind: 'role',
  source: { file: 'site.yml', line: 1, col: 1 },
  role: role as never,
  inherits: step('r', 'none', {}),
  given: dataLayer(rank.roleParams, 'given', []),
}

t.test('a role that ran on the host is passed over where it comes again, and runs on the others', async t => {
  const { run, effects } = fakeHosts(['a', 'b'])
  const once: RoleUse = {
    ...use,
    unlessRan: 'r {}',
    inherits: step(
      'r',
      'none',
      {},
      { origin: { playDir: '.', dir: '.', role: { name: 'r', path: 'r', parents: [], use: 'r {}' } } },
    ),
  }
  const onA = { ...once, inherits: { ...once.inherits, when: [computed(['me'], ([name]) => name === 'a')] } }
  await run([play([onA, once, once])])
  t.strictSame([...effects].sort(), ['a act role', 'b act role'])
})
