import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import { NotObserved } from '../../../../engine/core/failure.js'
import { type AnyModule, defineModule } from '../../../../engine/core/module.js'
import { raw } from '../../../../engine/core/read.js'
import { defineRole, step as roleStep } from '../../../../engine/core/role.js'
import type { Node, RoleUse } from '../../../../engine/core/step.js'
import { rank } from '../../../../engine/core/vars.js'
import type { RunState } from '../../../../engine/run/run-state.js'
import { factsAreIn } from '../../../../engine/run/schedule/facts-barrier.js'
import { PlayProgress, type Stage } from '../../../../engine/run/timeline/play-run.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

const setup = defineModule({
  name: 'setup',
  doc: 'Facts.',
  kind: 'state',
  params: {},
  probe: () => raw('get facts'),
  plan: () => ({ changes: [] }),
  apply: async () => undefined,
  value: () => ({ ansible_facts: { os: 'Debian' } }),
}) as AnyModule
const failing: AnyModule = {
  ...setup,
  plan: () => {
    throw new NotObserved({ rc: 1, stdout: new Uint8Array(), stderr: new Uint8Array() })
  },
}

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

/** What two hosts do in a play that gathers facts and then uses the role; `act` is the harness's own. */
const acts = async (
  body: readonly Node[],
  more: { readonly setup?: AnyModule; readonly skip?: string; readonly ignore?: true } = {},
): Promise<readonly string[]> => {
  const { run, effects } = fakeHosts(['a', 'b'])
  const inherits = step('inherits', 'none', {}, more.ignore === undefined ? {} : { ignoreErrors: constant(true) })
  const act = defineModule({
    name: 'act',
    doc: 'An action.',
    kind: 'action',
    params: {},
    probe: () => ({ kind: 'all' as const, of: {} }),
    plan: () => ({ changes: [{ kind: 'run', summary: 'runs' }] }),
    apply: async (_, __, host) => void (await host.run(['act', 'role'])),
  }) as AnyModule
  await run([play(body, { gatherFacts: true, inherits })], {
    modules: new Map([
      ['setup', more.setup ?? setup],
      ['act', act],
    ]),
    selects: tags => more.skip === undefined || !tags.includes(more.skip),
  })
  return effects.toSorted()
}

const both = ['a act role', 'b act role']

t.test('a role waits for the facts of all hosts, but for none that will not come', async t => {
  t.strictSame(await acts([use]), both)
  t.strictSame(await acts([step('clear', 'meta', { action: 'clear_facts' }), use]), both, 'cleared')
  t.strictSame(await acts([use], { skip: 'always' }), both, 'not gathered')
  t.strictSame(await acts([use], { setup: failing, ignore: true }), both, 'failed, and ignored')
})

t.test('facts that were in and are cleared are waited for again', async t => {
  const names = ['a', 'b', 'c']
  const hosts = new Map(names.map(name => [name, { status: 'live', facts: {} as object | undefined }]))
  const run = { hosts, effectOrder: { position: () => [0, 0, 0] }, factsCleared: 0 }
  const state = { play: { gatherFacts: true }, index: 0, progress: new PlayProgress() }
  const areIn = () => factsAreIn(run as unknown as RunState, { state, hosts: { all: names } } as unknown as Stage)
  const forget = (name: string) => {
    hosts.set(name, { status: 'live', facts: undefined })
    run.factsCleared++
  }
  forget('c')
  t.equal(areIn(), false)
  forget('a')
  hosts.set('c', { status: 'live', facts: {} })
  t.equal(areIn(), false, "a's were in, and are no more")
  hosts.set('a', { status: 'failed', facts: undefined })
  t.equal(areIn(), true)
})
