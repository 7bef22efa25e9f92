import { basename } from 'node:path'
import t from 'tap'
import type { Event } from '../../../../engine/core/event.js'
import { constant } from '../../../../engine/core/expr.js'
import type { Block, Node } from '../../../../engine/core/step.js'
import { fileNameOf } from '../../../../engine/run/handlers/journal-scripts.js'
import { flush, lab, loader, play, step } from '../harness.js'

/** Of the harness's plays. */
const owner = `${basename(process.cwd())}/site.yml`

const handler = step('restart', 'act', { cmd: 'restart' })
const notify = { notify: [constant('restart')] }
const first = step('first', 'setting', { key: 'x', value: '1' })

t.test('what a delegated step notifies is owed by its own host', async t => {
  const { run, effects } = lab(['a', 'b'])
  const there = step('there', 'setting', { key: 'k', value: '1' }, { ...notify, delegateTo: constant('b') })
  await run([play([first, there, flush()], { hosts: constant('a'), handlers: [handler] })])
  t.strictSame(effects, ['a set x 1', 'a remember restart', 'b set k 1', 'a act restart', 'a forget restart'])
})

t.test('a host that nobody has connected to is not connected to for it', async t => {
  const { run, effects, transport } = lab(['a', 'b'])
  const there = step('there', 'setting', { key: 'k', value: '1' }, { ...notify, delegateTo: constant('b') })
  await run([play([there], { hosts: constant('a'), handlers: [handler] })])
  t.strictSame(effects, ['b set k 1'])
  t.equal(transport.connects('a'), 0)
})

t.test('it is taken back by the user who wrote it, whoever the handler is run as', async t => {
  const { run, transport } = lab(['a'])
  const asRoot = step('root', 'setting', { key: 'k', value: '1' }, { ...notify, become: { become: constant(true) } })
  await run([play([first, asRoot, flush()], { handlers: [handler] })])
  const who = (word: string) =>
    transport.sent('a').flatMap(batch => (batch.jobs.some(job => job.sh.includes(word)) ? [batch.as] : []))
  t.strictSame(who('mkdir -p'), ['root'])
  t.strictSame(who('rm -f'), ['root'])
})

t.test('each user is asked once what an earlier run left, with that user’s first batch', async t => {
  const { run, transport, events } = lab(['a'])
  transport.state('a').notified.add('restart')
  for (const key of ['x', 'k', 'k2']) transport.state('a').settings.set(key, '1')
  const become = { become: { become: constant(true) } }
  const body = [
    first,
    step('root', 'setting', { key: 'k', value: '1' }, become),
    step('again', 'setting', { key: 'k2', value: '1' }, become),
  ]
  await run([play([...body, flush()], { handlers: [handler] })])
  const asked = transport.sent('a').filter(batch => batch.jobs.some(job => job.sh.includes('transient')))
  t.strictSame(
    asked.map(batch => batch.as),
    ['login', 'root'],
  )
  t.strictSame(asked, transport.sent('a').slice(0, 2))
  t.equal(events.filter(event => event.kind === 'warning').length, 1)
})

t.test('a user that an earlier step makes is asked after it', async t => {
  const { run, statuses, transport } = lab(['a'], {
    refuses: (as, disk) => typeof as === 'object' && disk.settings.get('x') !== '1',
  })
  const become = { become: { become: constant(true), user: constant('deploy') } }
  const ended = await run([play([first, step('theirs', 'setting', { key: 'k', value: '1' }, become)])])
  t.strictSame(statuses('a'), ['changed first', 'changed theirs'])
  t.equal(ended.exitCode, 0)
  const asked = transport.sent('a').filter(batch => batch.jobs.some(job => job.sh.includes('transient')))
  t.strictSame(
    asked.map(batch => batch.as),
    ['login', { user: 'deploy' }, { user: 'deploy' }],
  )
})

t.test('what no play has stays owed, and is said with how to be rid of it', async t => {
  const { run, transport, events, effects } = lab(['a'])
  transport.state('a').notified.add('restart it')
  transport.state('a').notified.add('restart')
  const ended = await run([play([first, flush()], { handlers: [handler] })])
  t.equal(ended.exitCode, 0)
  t.strictSame(effects, ['a set x 1', 'a act restart', 'a forget restart'])
  t.strictSame([...transport.state('a').notified], ['restart it'])
  t.strictSame(
    events.flatMap(event => (event.kind === 'warning' ? [event.message] : [])),
    [
      "an earlier run ended before its handlers ran: 'restart' will run now",
      `an earlier run ended before 'restart it' of ${owner} ran, and no play that ran here has it`,
    ],
  )
})

t.test('another playbook is told in one line for all hosts that owe the same', async t => {
  const { run, transport, events } = lab(['a', 'b', 'c'])
  for (const name of ['a', 'b', 'c']) transport.state(name).notified.add('restart it')
  for (const name of ['a', 'b']) transport.state(name).notified.add('reload')
  await run([play([first, flush()], { handlers: [handler] })])
  const fileOf = (name: string): string => `/var/lib/tkplay/notified/${fileNameOf({ name, owner })}`
  t.match(
    events.filter(event => event.kind === 'warning'),
    [
      {
        message: `a, b: an earlier run ended before 'reload', 'restart it' of ${owner} ran, and no play that ran here has them`,
        hint: `run what has them; to be rid of them: rm ${fileOf('reload')} ${fileOf('restart it')} on each of them`,
      },
      { host: 'c', hint: `run what has it; to be rid of it: rm ${fileOf('restart it')} on c` },
    ],
  )
  t.equal(events.filter(event => event.kind === 'warning').length, 2)
})

t.test('a dry run says that a run would run it', async t => {
  const { run, transport, events, effects } = lab(['a'])
  transport.state('a').notified.add('restart')
  await run([play([first, flush()], { handlers: [handler] })], { check: true })
  t.strictSame(effects, [])
  t.strictSame(
    events.flatMap(event => (event.kind === 'warning' ? [event.message] : [])),
    ["an earlier run ended before its handlers ran: 'restart' would run now"],
  )
})

t.test('what a play has is said to run now', async t => {
  const { run, transport, events } = lab(['a'])
  transport.state('a').notified.add('restart')
  await run([play([first, flush()], { handlers: [handler] })])
  t.strictSame(
    events.flatMap(event => (event.kind === 'warning' ? [event.message] : [])),
    ["an earlier run ended before its handlers ran: 'restart' will run now"],
  )
})

t.test('of what a host did not come to nobody says that it has no such handler', async t => {
  const { run, transport, events } = lab(['a'])
  transport.state('a').notified.add('restart it')
  await run([play([first, step('breaks', 'act', { cmd: 'fail' }), flush()], { handlers: [handler] })])
  t.equal(events.filter(event => event.kind === 'warning').length, 0)
})

t.test('what an include brings is said when it is there, before it runs', async t => {
  const { run, transport, events, effects } = lab(['a'])
  transport.state('a').notified.add('restart')
  const include = step('include', 'include_tasks', { file: 'more' })
  const more = { ...loader, includeTasks: async () => [], handlersOf: () => [handler] }
  await run([play([first, include, flush()])], { loader: more })
  t.strictSame(effects, ['a set x 1', 'a act restart', 'a forget restart'])
  const told = events.findIndex(event => event.kind === 'warning')
  t.match(events[told], { message: "an earlier run ended before its handlers ran: 'restart' will run now" })
  t.ok(told < events.findIndex(event => event.kind === 'step-ended' && event.step.name === 'restart'))
  t.equal(events.filter(event => event.kind === 'warning').length, 1)
})

const block = (body: readonly Node[], rescue: readonly Node[], always: readonly Node[] = []): Block => ({
  kind: 'block',
  name: undefined,
  source: first.source,
  body,
  rescue,
  always,
})

const breaks = step('restart', 'act', { cmd: 'fail' })
const caught = step('caught', 'act', { cmd: 'caught' })
const told = (events: readonly Event[]) => events.flatMap(event => (event.kind === 'warning' ? [event.message] : []))

t.test('a handler that failed and was rescued is owed no more, by whichever block', async t => {
  const blocks = [
    block([{ ...first, ...notify }, flush()], [caught]),
    block([block([{ ...first, ...notify }, flush()], [], [step('always', 'act', { cmd: 'always' })])], [caught]),
  ]
  for (const body of blocks) {
    const { run, transport, events } = lab(['a'])
    const ended = await run([play([body], { handlers: [breaks] })])
    t.match(ended, { exitCode: 0, hosts: { a: { rescued: 1, failed: 0 } } })
    t.strictSame([...transport.state('a').notified], [])
    t.strictSame(told(events), [])
  }
})

t.test('so is one of an earlier run', async t => {
  const { run, transport } = lab(['a'])
  transport.state('a').notified.add('restart')
  await run([play([block([first, flush()], [caught])], { handlers: [breaks] })])
  t.strictSame([...transport.state('a').notified], [])
})

t.test('one that failed and ended the host stays owed, with what its flush did not come to', async t => {
  const { run, transport } = lab(['a'])
  const two = { notify: [constant(['restart', 'reload'])] }
  await run([play([{ ...first, ...two }, flush()], { handlers: [breaks, step('reload', 'act', { cmd: 'reload' })] })])
  t.strictSame([...transport.state('a').notified].sort(), ['reload', 'restart'])
})

t.test(
  'a notification is of its play: what end_play keeps from its turn runs in no later play, and in no later run',
  async t => {
    for (const action of ['end_play', 'end_host', 'end_batch']) {
      const { run, transport, effects, events } = lab(['a'])
      const end = step('end', 'meta', { action })
      const next = step('next', 'act', { cmd: 'next' })
      const other = step('restart', 'act', { cmd: 'other' })
      await run([
        play([{ ...first, ...notify }, end, flush()], { handlers: [handler] }),
        play([next, flush()], { handlers: [{ ...other, id: 'other' }] }),
      ])
      t.strictSame(effects, ['a remember restart', 'a set x 1', 'a forget restart', 'a act next'], action)
      t.strictSame([...transport.state('a').notified], [])
      t.strictSame(told(events), [])
    }
  },
)

t.test('what an earlier run owed waits for the play that has it', async t => {
  const { run, transport, effects } = lab(['a'])
  transport.state('a').notified.add('restart')
  await run([play([first, step('end', 'meta', { action: 'end_play' })]), play([flush()], { handlers: [handler] })])
  t.strictSame(effects, ['a set x 1', 'a act restart', 'a forget restart'])
})

t.test('a handler of that name in another playbook does not run, and takes nothing back', async t => {
  const { run, transport, events, effects } = lab(['a'])
  transport.state('a').notified.add('restart')
  transport.state('a').owner = 'other/app.yml'
  const ended = await run([play([first, flush()], { handlers: [handler] })])
  t.equal(ended.exitCode, 0)
  t.strictSame(effects, ['a set x 1'])
  t.strictSame([...transport.state('a').notified], ['restart'])
  const [warning] = events.filter(event => event.kind === 'warning')
  t.match(warning, { host: 'a', message: /before 'restart' of other\/app\.yml ran/, hint: /rm .* on a$/ })
})

t.test('a handler of a role is owed wherever the role is used', async t => {
  const { run, transport, effects } = lab(['a'])
  transport.state('a').notified.add('restart')
  transport.state('a').owner = 'role web'
  const role = { name: 'web', path: '/roles/web', parents: [] }
  const ofRole = { ...handler, origin: { ...handler.origin, role } }
  await run([play([first, flush()], { handlers: [ofRole] })])
  t.strictSame(effects, ['a set x 1', 'a act restart', 'a forget restart'])
})

t.test('what an earlier run owed waits for the play that has it', async t => {
  const { run, transport, effects } = lab(['a'])
  transport.state('a').notified.add('restart')
  const source = { file: 'other.yml', line: 1, col: 1 }
  const act = step('restart', 'act', { cmd: 'another' })
  await run([play([first, flush()], { source, handlers: [act] }), play([flush()], { handlers: [handler] })])
  t.strictSame(effects, ['a set x 1', 'a act restart', 'a forget restart'])
})
