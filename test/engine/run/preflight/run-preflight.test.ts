import fc from 'fast-check'
import t from 'tap'
import { type AnyModule, defineModule } from '../../../../engine/core/module.js'
import { read, text } from '../../../../engine/core/read.js'
import { defineRole, type Finding, step as roleStep } from '../../../../engine/core/role.js'
import type { RoleUse } from '../../../../engine/core/step.js'
import { rank } from '../../../../engine/core/vars.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { act, setting } from '../harness/modules.js'
import { play, step } from '../harness/steps.js'

/** Refuses where the setting `cluster` is another than the one that is wanted; `broken` where it may mend itself. */
const cluster = defineModule<{ readonly want: string }, string, never>({
  name: 'cluster',
  doc: 'What cannot be changed.',
  kind: 'state',
  refusesFirst: ['other'],
  params: { type: 'object', properties: { want: { type: 'string' } } },
  probe: () => read('get cluster', raw => text(raw.stdout)),
  plan: ({ want }, seen) =>
    seen === 'down' ? { refused: 'down', data: {} } : seen === want ? { changes: [] } : { refused: 'other', data: {} },
  apply: async () => undefined,
  messages: { codes: { other: () => ({ what: 'another cluster', remedy: 'reset it' }) } },
}) as AnyModule
const clears: AnyModule = { ...(act as AnyModule), name: 'clears', startsOver: true }
const modules = new Map<string, AnyModule>([
  ['setting', setting as AnyModule],
  ['act', act as AnyModule],
  ['cluster', cluster],
  ['clears', clears],
])

const use = (findings: (host: string) => readonly Finding[]): RoleUse => ({
  kind: 'role',
  source: { file: 'site.yml', line: 1, col: 1 },
  role: defineRole({
    name: 'late',
    doc: 'A role.',
    params: {},
    steps: () => [roleStep('work', 'act', { cmd: 'work' })],
    preflight: (_p, view) => findings(view.host.name),
  }) as never,
  inherits: step('late', 'none', {}),
  given: dataLayer(rank.roleParams, 'given', []),
})
const error = { level: 'error', what: 'too many', remedy: 'take fewer' } as const
const prepare = () => play([step('prep', 'act', { cmd: 'prep' })], { strategy: 'free' })

t.test('what a role of the last play finds wrong stops all hosts before the first play changes anything', async t => {
  for (const check of [false, true]) {
    const { run, effects, events } = fakeHosts(['a', 'b', 'c'])
    const ended = await run([prepare(), play([use(host => (host === 'c' ? [error] : []))])], { modules, check })
    t.same(effects, [], 'nothing was done')
    t.equal(ended.exitCode, 1)
    const failed = events.filter(event => event.kind === 'host-failed')
    t.match(failed, [{ host: 'c', failure: { failure: { message: /too many/ } } }])
    t.equal(failed.length, 1)
    t.match(events.filter(event => event.kind === 'warning')[0], { message: /^a, b: .*refused on c$/ })
  }
})

t.test(
  'what a module of the last play sees that cannot be averted does so too, in no round trip of its own',
  async t => {
    const refusing = fakeHosts(['a', 'b'])
    const plays = [prepare(), play([step('same cluster', 'cluster', { want: 'x' })])]
    const ended = await refusing.run(plays, { modules })
    t.same(refusing.effects, [])
    t.equal(ended.exitCode, 1)
    t.match(refusing.events.find(event => event.kind === 'host-failed')?.failure.message, { what: 'another cluster' })

    const converged = play([step('one', 'setting', { key: 'k', value: '' }), step('same', 'cluster', { want: '' })])
    const fine = await fakeHosts(['a']).run([converged], { modules })
    t.match(fine, { exitCode: 0, hosts: { a: { ok: 2, roundTrips: 1 } } })
  },
)

t.test('a refusal that may pass, and one behind a step that starts over, are left to their turn', async t => {
  const passing = fakeHosts(['a'])
  passing.transport.state('a').settings.set('cluster', 'down')
  await passing.run([prepare(), play([step('same', 'cluster', { want: 'x' })])], { modules })
  t.same(passing.effects, ['a act prep'])
  const over = fakeHosts(['a'])
  await over.run(
    [prepare(), play([step('clears', 'clears', { cmd: 'reset' }), step('same', 'cluster', { want: 'x' })])],
    {
      modules,
    },
  )
  t.same(over.effects, ['a act prep', 'a act reset'])
})

t.test('law: wherever the refusal stands, nothing has been done anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom('act', 'set'), { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      fc.nat(3),
      fc.constantFrom('linear', 'free'),
      async (bodies, at, strategy) => {
        const plays = bodies.map((body, index) =>
          play(
            [
              ...body.map((kind, n) =>
                kind === 'act'
                  ? step(`${index}.${n}`, 'act', { cmd: 'x' })
                  : step(`${index}.${n}`, 'setting', { key: `${index}.${n}`, value: '1' }),
              ),
              ...(index === at % bodies.length ? [step('same', 'cluster', { want: 'x' })] : []),
            ],
            { strategy },
          ),
        )
        const { run, effects } = fakeHosts(['a', 'b'])
        const ended = await run(plays, { modules })
        return ended.exitCode === 1 && effects.length === 0
      },
    ),
    { numRuns: 40 },
  )
})
