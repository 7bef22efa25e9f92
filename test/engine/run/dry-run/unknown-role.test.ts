import t from 'tap'
import { constant, type Expr } from '../../../../engine/core/expr.js'
import { defineRole, step as roleStep } from '../../../../engine/core/role.js'
import type { RoleUse } from '../../../../engine/core/step.js'
import { rank } from '../../../../engine/core/vars.js'
import { type FakeHosts, fakeHosts } from '../harness/fake-hosts.js'
import { templates } from '../harness/loader.js'
import { play, step } from '../harness/steps.js'
import { after, before, dry, isMissing, isThere, lookAt, meta, modules, put, waitsFor } from './look-steps.js'

const role = defineRole<{ readonly there: boolean }>({
  name: 'r',
  doc: 'A role.',
  params: { type: 'object', properties: { there: { type: 'boolean' } } },
  steps: () => [roleStep('of the role', 'setting', { key: '/etc/r', value: '1' })],
})
const use: RoleUse = {
  kind: 'role',
  source: { file: 'site.yml', line: 7, col: 1 },
  role: role as never,
  inherits: step('r', 'none', {}, { source: { file: 'site.yml', line: 7, col: 1 } }),
  given: { rank: rank.roleParams, name: 'given', bindings: new Map([['there', { value: 'seen.exists' }]]) },
}
const hanging = { templates: { ...templates, variable: () => isThere } }

t.test('a role whose parameter hangs on a look is not known, nor what comes after it', async t => {
  const checked = fakeHosts(['a'])
  const ended = await checked.run([play([...before, use, lookAt('/etc/c', { register: 'third' })])], {
    check: true,
    modules,
    ...hanging,
  })
  t.strictSame(after(checked), ['unknown r : all its tasks', 'unknown look at /etc/c'])
  t.strictSame(waitsFor(checked), ["'put /etc/a' to run", "'r : all its tasks' to run"])
  t.match(ended, { exitCode: 4, hosts: { a: { unknown: 3, failed: 0 } } })
})

t.test('a handler that nobody knows may be one of a role that is not known', async t => {
  const notifies = put('/etc/b', '1', { notify: [constant('of the role')] })
  const checked = fakeHosts(['a'])
  await checked.run([play([...before, use, notifies])], { check: true, modules, ...hanging })
  t.equal(checked.statuses('a').at(-1), 'would-change put /etc/b')
  const without = fakeHosts(['a'])
  await dry(without, [...before, notifies])
  t.equal(without.statuses('a').at(-1), 'failed put /etc/b')
})

t.test('in a run, what hangs on a dry step is a failure with its place', async t => {
  const asks = { checkMode: constant(true) }
  const seen = [put('/etc/a', '1', { ...asks, register: 'seen' })]
  for (const hangs of [use, meta('end_host'), step('tasks', 'include_tasks', { file: 'x' }, { when: [isThere] })]) {
    const real = fakeHosts(['a'])
    const ended = await real.run([play([...seen, hangs])], { modules, ...hanging })
    t.equal(ended.exitCode, 1)
    t.match(
      real.events.find(event => event.kind === 'host-failed'),
      { failure: { failure: { kind: 'task-failed', message: /waits for 'put \/etc\/a' to run.*\(site\.yml:\d+\)/ } } },
    )
  }
})

t.test(
  'a role that perhaps ran is perhaps passed over where it comes again, and not where it ran by then in any case',
  async t => {
    const again = (when: readonly Expr[]): RoleUse => ({
      ...use,
      unlessRan: 'r {}',
      inherits: {
        ...use.inherits,
        when,
        origin: { ...use.inherits.origin, role: { name: 'r', path: 'roles/r', parents: [], use: 'r {}' } },
      },
      given: { ...use.given, bindings: new Map() },
    })
    const ofRole = (ran: FakeHosts): readonly string[] => after(ran).filter(one => one.endsWith('of the role'))
    for (const [first, really] of [
      [isThere, ['changed r : of the role']],
      [isMissing, ['skipped r : of the role', 'changed r : of the role']],
    ] as const) {
      const nodes = [...before, again([first]), again([]), again([])]
      const checked = fakeHosts(['a'])
      await checked.run([play(nodes)], { check: true, modules })
      t.strictSame(ofRole(checked), ['unknown r : of the role', 'unknown r : of the role'])
      const real = fakeHosts(['a'])
      await real.run([play(nodes)], { modules })
      t.strictSame(ofRole(real), really)
    }
    const certain = fakeHosts(['a'])
    await certain.run([play([...before, again([]), again([])])], { check: true, modules })
    t.strictSame(ofRole(certain), ['would-change r : of the role'])
  },
)
