import t from 'tap'
import type { Event } from '../../../engine/core/event.js'
import { Narrator } from '../../../engine/report/narrator.js'
import { failed, recap, runEnded, stepEnded } from './events.js'

const told = (
  events: readonly Event[],
  options: { readonly diff?: boolean; readonly verbosity?: number } = {},
): string => {
  let text = ''
  const write = (more: string): void => {
    text += more
  }
  const narrator = new Narrator({
    write,
    colours: false,
    diff: options.diff ?? false,
    verbosity: options.verbosity ?? 0,
  })
  for (const event of events) narrator.tell(event)
  narrator.flush()
  return text
}

const change = { kind: 'write', summary: '/etc/motd: new', diff: { path: '/etc/motd', before: 'a\n', after: 'b\n' } }

t.test('what is the same on several hosts is said once', async t => {
  t.equal(
    told([stepEnded('a', 'one'), stepEnded('b', 'one'), stepEnded('c', 'one', { changes: [change] })]),
    'changed: a, b › one\nchanged: c › one — /etc/motd: new\n',
  )
})

t.test('a line never comes before what was said of the same host earlier', async t => {
  const text = told([stepEnded('a', 'one'), stepEnded('a', 'two'), stepEnded('a', 'one'), stepEnded('b', 'one')])
  t.equal(text, 'changed: a › one\nchanged: a › two\nchanged: a, b › one\n')
})

t.test('a loop is told by its items', async t => {
  const loop = [stepEnded('a', 'loop', { item: 'x' }), stepEnded('a', 'loop', { item: 'y' }), stepEnded('a', 'loop')]
  t.equal(told(loop), 'changed: a › loop (item=x)\nchanged: a › loop (item=y)\n')
  const ignored = [
    stepEnded('a', 'loop', { item: 'x', ...failed('no') }),
    stepEnded('a', 'loop', { ...failed('no'), status: 'ignored' }),
  ]
  t.match(told(ignored), /^failed: a › loop \(item=x\): no.*^ignored: a › loop: no/ms)
})

t.test('a failure: host, step, what, the command, what it said, one remedy', async t => {
  t.equal(
    told([stepEnded('a', 'list', failed('non-zero return code'))]),
    [
      'failed: a › list: non-zero return code (exit code 2)',
      '  $ ls /nowhere',
      '  | ls: no such file',
      '  → run it on the host and see why; if this exit code is fine, say so with failed_when',
      '',
    ].join('\n'),
  )
})

t.test('what a step waits for is told before it ends', async t => {
  const { host, step } = stepEnded('a', 'a package')
  const text = 'waiting for apt-get (process 42)'
  t.equal(
    told([{ kind: 'step-progress', host, step, text }, stepEnded('a', 'a package')]),
    'now: a › a package: waiting for apt-get (process 42)\nchanged: a › a package\n',
  )
})

t.test('ok and skipped are told when asked for, messages always', async t => {
  const quiet = [stepEnded('a', 'one', { status: 'ok' }), stepEnded('a', 'two', { status: 'skipped' })]
  t.equal(told(quiet), '')
  t.equal(told(quiet, { verbosity: 1 }), 'ok: a › one\nskipped: a › two\n')
  t.equal(told([stepEnded('a', 'say', { status: 'ok', message: 'hello' })]), 'ok: a › say\n  hello\n')
  const result = { stdout: 'up 3 days', rc: 0 }
  t.equal(told([stepEnded('a', 'one', { result })], { verbosity: 1 }), 'changed: a › one — up 3 days\n')
})

t.test('diffs are unified', async t => {
  t.match(
    told([stepEnded('a', 'motd', { changes: [change] })], { diff: true }),
    /^ {2}\/etc\/motd: new\n {2}--- \/etc\/motd\n {2}\+\+\+ \/etc\/motd\n {2}@@ -1,1 \+1,1 @@\n {2}-a\n {2}\+b\n$/m,
  )
})

t.test('many hosts are counted, and named when asked for', async t => {
  const hosts = Array.from({ length: 60 }, (_, index) => `h${index}`)
  const start: Event = { kind: 'play-started', play: 'all', hosts }
  const events = [start, ...hosts.map(host => stepEnded(host, 'one'))]
  t.match(told(events), /^changed: all 60 hosts › one$/m)
  t.match(
    told([start, ...hosts.slice(1).map(host => stepEnded(host, 'one'))]),
    /^changed: h1, h2, h3, h4, h5 and 54 more › one$/m,
  )
  t.match(told(events, { verbosity: 1 }), /h58, h59 › one$/m)
})

t.test('the recap has a line a host, in columns; a dry run says how much is known', async t => {
  const hosts = { a: recap({ ok: 9, changed: 12 }), bb: recap({ failed: 1, ignored: 1 }) }
  t.match(
    told([runEnded(hosts)]),
    'a   ok=9  changed=12  skipped=0  failed=0  unreachable=0  ignored=0\nbb  ok=0  changed=0   skipped=0  failed=1  unreachable=0  ignored=1\n2 hosts in 12 s\n',
  )
  const dry = told([runEnded({ a: recap({ ok: 1, wouldChange: 1, unknown: 1, skipped: 1 }) }, { check: true })])
  t.match(
    dry,
    'RECAP (nothing was changed)\na  ok=1  would change=1  unknown=1  skipped=1  failed=0  unreachable=0\n1 host in 12 s; 75 % of the plan is known\n',
  )
})

t.test('interrupted hosts that stand at the same place are one line', async t => {
  const at = recap({ stopped: { step: 'one', how: 'finished' } })
  const text = told([
    { kind: 'interrupted', signal: 'SIGINT' },
    runEnded({ a: at, b: at, c: recap({ stopped: { step: 'two', how: 'ended' } }) }),
  ])
  t.match(text, /^SIGINT: no new step is started/)
  t.match(text, "a, b: stopped; 'one' was finished\nc: stopped; 'two' was ended before it was finished\n")
})
