import t from 'tap'
import type { Event } from '../../../../engine/core/event.js'
import { constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { block, flush, play, step } from '../harness/steps.js'

const handler = step('restart', 'act', { cmd: 'restart' })
const notify = { notify: [constant('restart')] }
const first = step('first', 'setting', { key: 'x', value: '1' })

t.test('what a delegated step notifies is owed by its own host', async t => {
  const { run, effects } = fakeHosts(['a', 'b'])
  const there = step('there', 'setting', { key: 'k', value: '1' }, { ...notify, delegateTo: constant('b') })
  await run([play([first, there, flush()], { hosts: constant('a'), handlers: [handler] })])
  t.strictSame(effects, ['a set x 1', 'a remember restart', 'b set k 1', 'a act restart', 'a forget restart'])
})

t.test('a host that nobody has connected to is not connected to for it', async t => {
  const { run, effects, transport } = fakeHosts(['a', 'b'])
  const there = step('there', 'setting', { key: 'k', value: '1' }, { ...notify, delegateTo: constant('b') })
  await run([play([there], { hosts: constant('a'), handlers: [handler] })])
  t.strictSame(effects, ['b set k 1'])
  t.equal(transport.connects('a'), 0)
})

t.test('it is taken back by the user who wrote it, whoever the handler is run as', async t => {
  const { run, transport } = fakeHosts(['a'])
  const asRoot = step('root', 'setting', { key: 'k', value: '1' }, { ...notify, become: { become: constant(true) } })
  await run([play([first, asRoot, flush()], { handlers: [handler] })])
  const who = (word: string) =>
    transport.sent('a').flatMap(batch => (batch.jobs.some(job => job.sh.includes(word)) ? [batch.as] : []))
  t.strictSame(who('mkdir -p'), ['root'])
  t.strictSame(who('rm -f'), ['root'])
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
    const { run, transport, events } = fakeHosts(['a'])
    const ended = await run([play([body], { handlers: [breaks] })])
    t.match(ended, { exitCode: 0, hosts: { a: { rescued: 1, failed: 0 } } })
    t.strictSame([...transport.state('a').notified], [])
    t.strictSame(told(events), [])
  }
})

t.test('one that failed and ended the host stays owed, with what its flush did not come to', async t => {
  const { run, transport } = fakeHosts(['a'])
  const two = { notify: [constant(['restart', 'reload'])] }
  await run([play([{ ...first, ...two }, flush()], { handlers: [breaks, step('reload', 'act', { cmd: 'reload' })] })])
  t.strictSame([...transport.state('a').notified].sort(), ['reload', 'restart'])
})

t.test(
  'a notification is of its play: what end_play keeps from its turn runs in no later play, and in no later run',
  async t => {
    for (const action of ['end_play', 'end_host', 'end_batch']) {
      const { run, transport, effects, events } = fakeHosts(['a'])
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
