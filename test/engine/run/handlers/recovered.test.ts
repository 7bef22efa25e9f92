import { basename } from 'node:path'
import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import { fileNameOf } from '../../../../engine/run/handlers/journal-scripts.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { loader } from '../harness/loader.js'
import { block, flush, play, step } from '../harness/steps.js'

t.test('handlers that a killed run still owed run next time', async t => {
  const { run, effects, transport, events } = fakeHosts(['a'])
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

/** Of the harness's plays. */
const owner = `${basename(process.cwd())}/site.yml`

const handler = step('restart', 'act', { cmd: 'restart' })
const first = step('first', 'setting', { key: 'x', value: '1' })

t.test('each user is asked once what an earlier run left, with that user’s first batch', async t => {
  const { run, transport, events } = fakeHosts(['a'])
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
  const { run, statuses, transport } = fakeHosts(['a'], {
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
  const { run, transport, events, effects } = fakeHosts(['a'])
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
  const { run, transport, events } = fakeHosts(['a', 'b', 'c'])
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
  const { run, transport, events, effects } = fakeHosts(['a'])
  transport.state('a').notified.add('restart')
  await run([play([first, flush()], { handlers: [handler] })], { check: true })
  t.strictSame(effects, [])
  t.strictSame(
    events.flatMap(event => (event.kind === 'warning' ? [event.message] : [])),
    ["an earlier run ended before its handlers ran: 'restart' would run now"],
  )
})

t.test('what a play has is said to run now', async t => {
  const { run, transport, events } = fakeHosts(['a'])
  transport.state('a').notified.add('restart')
  await run([play([first, flush()], { handlers: [handler] })])
  t.strictSame(
    events.flatMap(event => (event.kind === 'warning' ? [event.message] : [])),
    ["an earlier run ended before its handlers ran: 'restart' will run now"],
  )
})

t.test('of what a host did not come to nobody says that it has no such handler', async t => {
  const { run, transport, events } = fakeHosts(['a'])
  transport.state('a').notified.add('restart it')
  await run([play([first, step('breaks', 'act', { cmd: 'fail' }), flush()], { handlers: [handler] })])
  t.equal(events.filter(event => event.kind === 'warning').length, 0)
})

t.test('what an include brings is said when it is there, before it runs', async t => {
  const { run, transport, events, effects } = fakeHosts(['a'])
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

const breaks = step('restart', 'act', { cmd: 'fail' })
const caught = step('caught', 'act', { cmd: 'caught' })

t.test('so is one of an earlier run', async t => {
  const { run, transport } = fakeHosts(['a'])
  transport.state('a').notified.add('restart')
  await run([play([block([first, flush()], [caught])], { handlers: [breaks] })])
  t.strictSame([...transport.state('a').notified], [])
})

t.test('what an earlier run owed waits for the play that has it', async t => {
  const { run, transport, effects } = fakeHosts(['a'])
  transport.state('a').notified.add('restart')
  await run([play([first, step('end', 'meta', { action: 'end_play' })]), play([flush()], { handlers: [handler] })])
  t.strictSame(effects, ['a set x 1', 'a act restart', 'a forget restart'])
})

t.test('a handler of that name in another playbook does not run, and takes nothing back', async t => {
  const { run, transport, events, effects } = fakeHosts(['a'])
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
  const { run, transport, effects } = fakeHosts(['a'])
  transport.state('a').notified.add('restart')
  transport.state('a').owner = 'role web'
  const role = { name: 'web', path: '/roles/web', parents: [] }
  const ofRole = { ...handler, origin: { ...handler.origin, role } }
  await run([play([first, flush()], { handlers: [ofRole] })])
  t.strictSame(effects, ['a set x 1', 'a act restart', 'a forget restart'])
})

t.test('what an earlier run owed waits for the playbook that has it', async t => {
  const { run, transport, effects } = fakeHosts(['a'])
  transport.state('a').notified.add('restart')
  const source = { file: 'other.yml', line: 1, col: 1 }
  const act = step('restart', 'act', { cmd: 'another' })
  await run([play([first, flush()], { source, handlers: [act] }), play([flush()], { handlers: [handler] })])
  t.strictSame(effects, ['a set x 1', 'a act restart', 'a forget restart'])
})
