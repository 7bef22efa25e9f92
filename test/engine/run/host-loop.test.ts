import t from 'tap'
import { computed, constant } from '../../../engine/core/expr.js'
import type { AnyModule } from '../../../engine/core/module.js'
import { Unknown, type Value } from '../../../engine/core/value.js'
import { flush, lab, loader, play, setting, step } from './harness.js'

const settings = (count: number) =>
  Array.from({ length: count }, (_, i) => step(`s${i}`, 'setting', { key: `k${i}`, value: '1' }))

t.test('a converged host costs one round trip, however many steps', async t => {
  const { run, transport, effects } = lab(['a', 'b', 'c'])
  for (const host of ['a', 'b', 'c']) for (let i = 0; i < 20; i++) transport.state(host).settings.set(`k${i}`, '1')
  const ended = await run([play(settings(20)), play(settings(5))])
  t.equal(ended.exitCode, 0)
  t.strictSame(effects, [])
  for (const host of ['a', 'b', 'c']) {
    t.equal(transport.sent(host).length, 1, `${host} was asked once`)
    t.match(ended.hosts[host], { ok: 25, changed: 0, failed: 0 })
  }
})

t.test('what differs is changed, verified, and not touched again', async t => {
  const { run, effects, transport } = lab(['a'])
  const first = await run([play(settings(3))])
  t.match(first, { exitCode: 0, hosts: { a: { changed: 3, ok: 0 } } })
  t.strictSame(effects, ['a set k0 1', 'a set k1 1', 'a set k2 1'])
  const trips = transport.sent('a').length
  const second = await run([play(settings(3))])
  t.match(second, { exitCode: 0, hosts: { a: { changed: 0, ok: 3 } } })
  t.equal(transport.sent('a').length, trips + 1)
})

t.test('reads of a first install grow with the changes, not with their square', async t => {
  const { run, transport } = lab(['a'])
  await run([play(settings(60))])
  const reads = transport
    .sent('a')
    .flatMap(batch => batch.jobs)
    .filter(job => job.sh.startsWith('get')).length
  t.ok(reads < 60 * 8, `${reads} reads for 60 changes`)
})

t.test('a change that does not hold is a failure', async t => {
  const { run, transport, events } = lab(['a'])
  transport.state('a').stubborn.add('k1')
  const ended = await run([play(settings(3))])
  t.match(ended, { exitCode: 1, hosts: { a: { changed: 1, failed: 1 } } })
  t.match(
    events.find(event => event.kind === 'step-ended' && event.status === 'failed'),
    { failure: { failure: { kind: 'not-converged' } } },
  )
})

t.test(
  'a change that does not hold is counted where the module says so, and no fault where it ends by itself',
  async t => {
    for (const [verify, notIdempotent] of [
      ['lenient', 1],
      ['passing', 0],
    ] as const) {
      const { run, transport, events } = lab(['a'])
      transport.state('a').stubborn.add('k1')
      const ended = await run([play(settings(3))], { modules: new Map([['setting', { ...setting, verify }]]) })
      t.match(ended, { exitCode: 0, hosts: { a: { changed: 3, failed: 0, notIdempotent } } }, verify)
      t.equal(events.filter(event => event.kind === 'step-ended' && event.notIdempotent === true).length, notIdempotent)
    }
  },
)

t.test('linear: no host passes a step before all have finished the one before', async t => {
  const delay = async (host: string): Promise<void> => new Promise(done => setTimeout(done, host === 'b' ? 15 : 0))
  const { run, effects } = lab(['a', 'b'], { delay })
  await run([play(settings(3))])
  t.strictSame(
    effects.map(one => one.split(' ')[2]),
    ['k0', 'k0', 'k1', 'k1', 'k2', 'k2'],
  )
})

t.test('free: a fast host goes on', async t => {
  // b's answers come when a is through.
  const delay = async (host: string): Promise<void> => {
    while (host === 'b' && effects.length < 3) await new Promise(setImmediate)
  }
  const { run, effects } = lab(['a', 'b'], { delay })
  await run([play(settings(3), { strategy: 'free' })])
  t.strictSame(
    effects.slice(0, 3).map(one => one[0]),
    ['a', 'a', 'a'],
  )
})

t.test('serial: the second batch begins when the first is through', async t => {
  const { run, effects } = lab(['a', 'b', 'c'])
  await run([play(settings(2), { serial: [constant(2)], strategy: 'free' })])
  t.strictSame(
    effects.slice(4).map(one => one[0]),
    ['c', 'c'],
  )
  t.equal(effects.length, 6)
})

t.test('plays follow each other, for all hosts', async t => {
  const delay = async (host: string): Promise<void> => new Promise(done => setTimeout(done, host === 'b' ? 15 : 0))
  const { run, effects } = lab(['a', 'b'], { delay })
  await run([play(settings(2), { strategy: 'free' }), play([step('last', 'setting', { key: 'z', value: '1' })])])
  t.strictSame(
    effects.slice(-2).map(one => one.slice(2)),
    ['set z 1', 'set z 1'],
  )
})

t.test('more hosts than forks finish too', async t => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const { run, effects } = lab(names)
  const ended = await run([play(settings(2))], { forks: 2 })
  t.equal(ended.exitCode, 0)
  t.equal(effects.length, 10)
})

t.test(
  'with more hosts than forks no more are connected than that, and one that is needed again is connected again',
  async t => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const { run, transport } = lab(names)
    await run([play([step('look', 'act', { cmd: 'x' })], { strategy: 'free' })], { forks: 2 })
    t.equal(transport.mostOpen, 2)
    t.strictSame(
      names.map(name => transport.connects(name)),
      names.map(() => 1),
    )

    const again = lab(names)
    const elsewhere = step('elsewhere', 'act', { cmd: 'y' }, { delegateTo: constant('a') })
    const ended = await again.run([play([elsewhere], { strategy: 'free' })], { forks: 2 })
    t.equal(ended.exitCode, 0)
    t.equal(again.effects.filter(one => one === 'a act y').length, names.length)
  },
)

t.test('a dry run writes nothing and says what a run changes', async t => {
  const { run, effects, statuses } = lab(['a'])
  const body = [
    ...settings(2),
    step('needy', 'setting', { key: 'n', value: '1', after: 'k1' }),
    step('act', 'act', { cmd: 'go' }),
  ]
  const ended = await run([play(body)], { check: true })
  t.strictSame(effects, [])
  t.strictSame(statuses('a'), ['would-change s0', 'would-change s1', 'unknown needy', 'would-change act'])
  t.match(ended, { exitCode: 4, hosts: { a: { wouldChange: 3, unknown: 1 } } })
})

t.test('a need that nothing brings is a failure, in a dry run too', async t => {
  for (const check of [true, false]) {
    const { run, events } = lab(['a'])
    const ended = await run([play([step('needy', 'setting', { key: 'n', value: '1', after: 'nothing' })])], { check })
    t.equal(ended.exitCode, 1)
    t.match(
      events.find(event => event.kind === 'step-ended'),
      { failure: { failure: { kind: 'missing', needs: 'the setting nothing' } } },
    )
  }
})

t.test('a dry run with nothing to do exits 0', async t => {
  const { run, transport } = lab(['a'])
  transport.state('a').settings.set('k0', '1')
  t.match(await run([play(settings(1))], { check: true }), { exitCode: 0 })
})

t.test('a later step sees what an earlier one changed', async t => {
  const { run, statuses } = lab(['a'])
  await run([
    play([
      step('one', 'setting', { key: 'k', value: '1' }),
      step('same', 'setting', { key: 'k', value: '1' }),
      step('other', 'setting', { key: 'k', value: '2' }),
    ]),
  ])
  t.strictSame(statuses('a'), ['changed one', 'ok same', 'changed other'])
})

t.test('what is registered is known to later steps', async t => {
  const { run, statuses } = lab(['a'])
  const changed = computed(['first'], ([first]) => (first as Map<string, Value>).get('changed') ?? null)
  const body = [
    step('first', 'setting', { key: 'k', value: '1' }, { register: 'first' }),
    step('when changed', 'setting', { key: 'x', value: '1' }, { when: [changed] }),
  ]
  await run([play(body)])
  await run([play(body)])
  t.strictSame(statuses('a'), ['changed first', 'changed when changed', 'ok first', 'skipped when changed'])
})

t.test('an action runs once, in order, and a failing one says what it said', async t => {
  const { run, effects, events } = lab(['a'])
  const ended = await run([play([...settings(1), step('act', 'act', { cmd: 'fail' }), ...settings(1)])])
  t.strictSame(effects, ['a set k0 1', 'a act fail'])
  t.equal(ended.exitCode, 1)
  t.match(
    events.find(event => event.kind === 'step-ended' && event.status === 'failed'),
    {
      failure: { failure: { kind: 'task-failed', message: 'non-zero return code', raw: { rc: 3 } } },
    },
  )
})

t.test('until is tried again as often as said', async t => {
  const done = computed(['r'], ([r]) => (r as Map<string, Value>).get('rc') === 0)
  const until = { conditions: [done], retries: constant(5), delay: constant(0) }
  const { run, effects, statuses } = lab(['a'])
  await run([play([step('flaky', 'act', { cmd: 'flaky' }, { register: 'r', until })])])
  t.equal(effects.length, 3)
  t.strictSame(statuses('a'), ['changed flaky'])
})

t.test('changed_when and failed_when judge the result', async t => {
  const { run, statuses } = lab(['a'])
  await run([
    play([
      step('quiet', 'act', { cmd: 'go' }, { changedWhen: [constant(false)] }),
      step('forgiven', 'act', { cmd: 'fail' }, { failedWhen: [constant(false)] }),
      step('ignored', 'act', { cmd: 'fail' }, { ignoreErrors: constant(true) }),
      step('judged', 'act', { cmd: 'go' }, { failedWhen: [constant(true)] }),
    ]),
  ])
  t.strictSame(statuses('a'), ['ok quiet', 'changed forgiven', 'ignored ignored', 'failed judged'])
})

t.test('loops: each item is a change of its own, and a failed one does not stop the next', async t => {
  const items = { items: constant(['x', 'fail', 'y']), variable: 'item', kind: 'list' as const }
  const params = computed(['item'], ([item]) => new Map([['cmd', item ?? null]]))
  const { run, effects, statuses } = lab(['a'])
  await run([play([step('each', 'act', params, { loop: items })])])
  t.strictSame(effects, ['a act x', 'a act fail', 'a act y'])
  t.strictSame(statuses('a'), ['failed each'])
})

t.test('handlers: written down before the change, run at the flush, forgotten after', async t => {
  const { run, effects, statuses } = lab(['a'])
  const body = [
    step('one', 'setting', { key: 'k', value: '1' }, { notify: [constant('restart')] }),
    step('two', 'setting', { key: 'k2', value: '1' }),
    flush(),
  ]
  const handlers = [step('other', 'act', { cmd: 'other' }), step('restart', 'act', { cmd: 'restart' })]
  await run([play(body, { handlers })])
  t.strictSame(effects, ['a remember restart', 'a set k 1', 'a set k2 1', 'a act restart', 'a forget restart'])
  t.strictSame(statuses('a'), ['changed one', 'changed two', 'changed restart'])
})

t.test('a flush makes the names of its handlers once, however many there are', async t => {
  const { run, statuses } = lab(['a'])
  let made = 0
  const named = (name: string) => ({ ...constant(name), evaluate: () => ++made && name })
  const names = Array.from({ length: 20 }, (_, i) => `handler ${i}`)
  const handlers = names.map((name, i) => step(name, 'act', { cmd: `run${i}` }, { name: named(name) }))
  const notified = (key: string, notify: readonly string[]) =>
    step(key, 'setting', { key, value: '1' }, { notify: notify.map(name => constant(name)) })
  await run([play([notified('one', names.slice(0, 1)), flush()], { handlers })])
  const few = made
  made = 0
  await run([play([notified('all', names), flush()], { handlers })])
  t.equal(statuses('a').length, 1 + 1 + 1 + names.length)
  t.ok(made < few + 4 * names.length, `${made} names made for ${names.length} handlers, ${few} for one`)
})

t.test('a handler that comes in after a flush is meant by what was notified before', async t => {
  const { run, effects } = lab(['a'])
  const listens = (name: string) => step(name, 'act', { cmd: name }, { listen: ['topic'] })
  const notifies = (key: string) => step(key, 'setting', { key, value: '1' }, { notify: [constant('topic')] })
  const include = step('include', 'include_tasks', { file: 'more' })
  const more = { ...loader, includeTasks: async () => [notifies('two')], handlersOf: () => [listens('second')] }
  await run([play([notifies('one'), flush(), include, flush()], { handlers: [listens('first')] })], { loader: more })
  t.strictSame(
    effects.filter(effect => effect.includes('act')),
    ['a act first', 'a act first', 'a act second'],
  )
})

t.test('handlers that a killed run still owed run next time', async t => {
  const { run, effects, transport, events } = lab(['a'])
  transport.state('a').notified.add('restart')
  transport.state('a').settings.set('k', '1')
  const body = [step('one', 'setting', { key: 'k', value: '1' }, { notify: [constant('restart')] }), flush()]
  await run([play(body, { handlers: [step('restart', 'act', { cmd: 'restart' })] })])
  t.strictSame(effects, ['a act restart', 'a forget restart'])
  t.match(
    events.find(event => event.kind === 'warning'),
    { message: /before its handlers ran: 'restart'/ },
  )
})

t.test('notifying a handler that there is not is said before anything is changed', async t => {
  const { run, effects } = lab(['a'])
  const ended = await run([play([step('one', 'setting', { key: 'k', value: '1' }, { notify: [constant('nobody')] })])])
  t.equal(ended.exitCode, 1)
  t.strictSame(effects, [])
})

t.test('a rescue takes over, always runs, and the host goes on', async t => {
  const { run, effects, statuses } = lab(['a'])
  const source = { file: 'site.yml', line: 1, col: 1 }
  const tried = {
    kind: 'block' as const,
    name: undefined,
    source,
    body: [step('try', 'act', { cmd: 'fail' }), step('never', 'act', { cmd: 'never' })],
    rescue: [step('rescue', 'act', { cmd: 'rescue' })],
    always: [step('always', 'act', { cmd: 'always' })],
  }
  const ended = await run([play([tried, step('after', 'act', { cmd: 'after' })])])
  t.strictSame(effects, ['a act fail', 'a act rescue', 'a act always', 'a act after'])
  t.match(ended, { exitCode: 0, hosts: { a: { rescued: 1, failed: 0 } } })
  t.equal(statuses('a').length, 4)
})

t.test('run_once: the first host for which when holds runs it, all get its result', async t => {
  const me = computed(['me'], ([name]) => name === 'b' || name === 'c')
  const used = computed(
    ['once'],
    ([once]) =>
      new Map([
        ['key', 'got'],
        ['value', String((once as Map<string, Value>).get('stdout'))],
      ]),
  )
  const { run, effects } = lab(['a', 'b', 'c'])
  await run([
    play([
      step('once', 'act', { cmd: 'token' }, { runOnce: constant(true), register: 'once', when: [me] }),
      step('use', 'setting', used),
    ]),
  ])
  t.strictSame(
    effects.filter(one => one.includes('act')),
    ['b act token'],
  )
  t.strictSame(effects.filter(one => one.includes('set')).sort(), [
    "a set got 'token done'",
    "b set got 'token done'",
    "c set got 'token done'",
  ])
})

t.test('delegate_to: the delegate does it, with the caller’s variables', async t => {
  const params = computed(['me'], ([name]) => new Map([['cmd', `for-${String(name)}`]]))
  const { run, effects } = lab(['a', 'b', 'c'])
  await run([play([step('there', 'act', params, { delegateTo: constant('c') })])])
  t.strictSame(effects.sort(), ['c act for-a', 'c act for-b', 'c act for-c'])
})

t.test('what another host changes in the cluster is seen again', async t => {
  const { run, effects, statuses } = lab(['a', 'b'])
  await run([
    play([step('make', 'cluster_setting', { key: 'token', value: '1' })], { hosts: constant('a') }),
    play([step('look', 'cluster_setting', { key: 'token', value: '1' })], { hosts: constant('b') }),
  ])
  t.strictSame(effects, ['a set token 1'])
  t.strictSame(statuses('b'), ['ok look'])
})

t.test('a connection lost before anything was applied is opened once more', async t => {
  const { run, transport } = lab(['a'])
  transport.loseNext('a')
  const ended = await run([play(settings(2))])
  t.equal(ended.exitCode, 0)
  t.equal(transport.connects('a'), 2)
})

t.test('a connection lost while a change is applied is not tried again', async t => {
  const names = ['a', 'b']
  let batches = 0
  const hosts = lab(names, {
    delay: async host => {
      if (host === 'a' && ++batches === 2) hosts.transport.loseNext('a')
    },
  })
  const ended = await hosts.run([play(settings(3))])
  t.match(ended, { exitCode: 3, hosts: { a: { unreachable: 1 }, b: { changed: 3 } } })
  t.equal(hosts.transport.connects('a'), 1)
})

t.test('a host that cannot be reached does not stop the others', async t => {
  const { run } = lab(['a', 'b'], { unreachable: { a: 'refused' } })
  t.match(await run([play(settings(1))]), { exitCode: 3, hosts: { a: { unreachable: 1 }, b: { changed: 1 } } })
})

t.test('secrets are not in any event', async t => {
  const params = computed(['password'], ([password]) => new Map<string, Value>([['cmd', password ?? null]]))
  const { run, events, effects } = lab(['a'])
  await run([
    play([step('secret', 'act', params), step('hidden', 'act', { cmd: 'visible99' }, { noLog: constant(true) })]),
  ])
  t.strictSame(effects, ['a act hunter22', 'a act visible99'], 'the host gets it')
  t.notMatch(JSON.stringify(events), /hunter22/)
  t.notMatch(JSON.stringify(events), /visible99/)
})

t.test('a no_log that is not known yet hides', async t => {
  const { run, events } = lab(['a'])
  const noLog = computed(['r'], () => new Unknown('nothing') as Value)
  await run([play([step('hidden', 'act', { cmd: 'visible99' }, { noLog })])], { check: true })
  t.match(
    events.find(event => event.kind === 'step-ended'),
    { noLog: true, status: 'would-change' },
  )
  t.notMatch(JSON.stringify(events), /visible99/)
})

t.test('unknown variables in a dry run make what follows unknown, not wrong', async t => {
  const unknown = computed(
    ['r'],
    ([r]) => ((r as Map<string, Value>).get('stdout') ?? new Unknown("'act' to run")) as Value,
  )
  const { run, statuses } = lab(['a'])
  const params = computed(
    ['r'],
    ([r]) =>
      new Map<string, Value>([
        ['key', 'k'],
        ['value', (r as Map<string, Value>).get('stdout') ?? new Unknown("'act' to run")],
      ]),
  )
  await run(
    [
      play([
        step('act', 'act', { cmd: 'go' }, { register: 'r' }),
        step('uses', 'setting', params),
        step('when', 'setting', { key: 'w', value: '1' }, { when: [unknown] }),
      ]),
    ],
    {
      check: true,
    },
  )
  t.strictSame(statuses('a'), ['would-change act', 'unknown uses', 'unknown when'])
})

t.test('after an interrupt no new step is begun', async t => {
  const hosts = lab(['a'], { delay: async (_, batch) => (batch === 2 ? hosts.stop.abort() : undefined) })
  const ended = await hosts.run([play(settings(5))])
  t.equal(ended.exitCode, 130)
  t.ok(hosts.effects.length < 5)
  t.match(ended.hosts['a']?.stopped, { how: /finished|ended/ })
})

t.test('ended at once: a command is ended, what runs in a unit of its own may go on', async t => {
  for (const how of ['ended', 'running on the host'] as const) {
    const abort = new AbortController()
    const hosts = lab(['a'], {
      delay: async () => {
        if (!hosts.events.some(event => event.kind === 'step-started')) return
        await new Promise(soon => setImmediate(soon))
        hosts.stop.abort()
        abort.abort()
      },
    })
    const module: AnyModule = {
      ...setting,
      apply: async (_, __, host) => {
        if (how === 'ended') await host.run(['act', 'x'])
        else await host.long('work', ['act', 'x'])
      },
    }
    const modules = new Map([['setting', module]])
    const ended = await hosts.run([play(settings(2))], { modules, abort: abort.signal })
    t.match(ended, { exitCode: 130, hosts: { a: { stopped: { step: 's0', how } } } })
  }
})

t.test('ended before it was sent: nothing runs on, in a unit of its own neither', async t => {
  const abort = new AbortController()
  const hosts = lab(['a'])
  const module: AnyModule = {
    ...setting,
    apply: async (_, __, host) => {
      hosts.stop.abort()
      abort.abort()
      await host.long('work', ['act', 'x'])
    },
  }
  const ended = await hosts.run([play(settings(2))], { modules: new Map([['setting', module]]), abort: abort.signal })
  t.match(ended, { exitCode: 130, hosts: { a: { stopped: { step: 's0', how: 'ended' } } } })
})

t.test('any_errors_fatal ends the play for all', async t => {
  const me = computed(['me'], ([name]) => name === 'a')
  const { run, effects } = lab(['a', 'b'])
  await run([
    play([step('break', 'act', { cmd: 'fail' }, { when: [me] }), step('after', 'act', { cmd: 'after' })], {
      anyErrorsFatal: constant(true),
    }),
  ])
  t.strictSame(effects, ['a act fail'])
})

t.test('includes are walked at their place', async t => {
  const { run, statuses } = lab(['a'])
  await run([
    play([
      step('one', 'setting', { key: 'k', value: '1' }),
      step('include', 'include_tasks', { file: 'more' }),
      step('two', 'setting', { key: 'k2', value: '1' }),
    ]),
  ])
  t.strictSame(statuses('a'), ['changed one', 'changed included more', 'changed two'])
})

t.test('end_host and end_play', async t => {
  const { run, statuses } = lab(['a', 'b'])
  const me = computed(['me'], ([name]) => name === 'a')
  await run([
    play([
      step('leave', 'meta', { action: 'end_host' }, { when: [me] }),
      ...settings(1),
      step('enough', 'meta', { action: 'end_play' }),
      ...settings(2),
    ]),
  ])
  t.strictSame(statuses('a'), [])
  t.strictSame(statuses('b'), ['changed s0'])
})
