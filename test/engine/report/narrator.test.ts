import t from 'tap'
import type { Event, StepEnded } from '../../../engine/core/event.js'
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
})

t.test('a loop that failed is told by its items, and that it is forgiven once', async t => {
  const changes = [{ kind: 'put', summary: '/a: new' }]
  const items = [stepEnded('a', 'loop', { item: 'x', changes }), stepEnded('a', 'loop', { item: 'y', ...failed('no') })]
  const broken = stepEnded('a', 'loop', { ...failed('no'), changes })
  const itself = 'changed: a › loop (item=x) — /a: new\nfailed: a › loop (item=y): no (exit code 2)\n'
  const details = told(items).slice(itself.length)
  t.equal(told([...items, broken]), `${itself}${details}`)
  const result = { results: [{ failed: false }, { failed: true }] }
  const forgiven = { ...broken, status: 'ignored' as const, result }
  t.equal(told([...items, forgiven]), `${itself}${details}ignored: a › loop: 1 of 2 items failed\n`)
  const { result: _, ...hidden } = forgiven
  t.equal(told([...items, hidden]), `${itself}${details}ignored: a › loop: items failed\n`)
})

t.test('a failure: host, step, what, the command, what it said, one remedy', async t => {
  t.equal(
    told([stepEnded('a', 'list', failed('non-zero return code'))]),
    [
      'failed: a › list: non-zero return code (exit code 2)',
      '  $ ls /nowhere',
      '  | ls: no such file',
      '  → run the command on the host to see why; if this exit code is fine, say so with failed_when',
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
  const start: Event = { kind: 'play-started', id: '0.0', play: 'all', hosts }
  const events = [start, ...hosts.map(host => stepEnded(host, 'one'))]
  t.match(told(events), /^changed: all 60 hosts › one$/m)
  t.match(
    told([start, ...hosts.slice(1).map(host => stepEnded(host, 'one'))]),
    /^changed: h1, h2, h3, h4, h5 and 54 more › one$/m,
  )
  t.match(told(events, { verbosity: 1 }), /h58, h59 › one$/m)
})

const playStarted = (id: string, play: string, more: { readonly hosts?: string[]; readonly batch?: number } = {}) =>
  ({ kind: 'play-started', id, play, hosts: ['a', 'b'], ...more }) satisfies Event

const inPlay = (id: string, host: string, name: string, more: Partial<StepEnded> = {}): StepEnded => {
  const event = stepEnded(host, name, more)
  return { ...event, step: { ...event.step, play: id } }
}

t.test('the usual case: a heading a play, then what happens in it; quiet plays keep their place', async t => {
  const play = (at: number, name: string) => playStarted(`${at}.0`, name)
  const [one, two, three, four] = [play(0, 'one'), play(1, 'two'), play(2, 'three'), play(3, 'four')] as const
  const text = told([one, inPlay('0.0', 'a', 'x'), two, three, inPlay('2.0', 'b', 'y'), four, runEnded({})])
  t.match(text, /^\nPLAY one\nchanged: a › x\n\nPLAY two\n\nPLAY three\nchanged: b › y\n\nPLAY four\n\nRECAP\n/)
})

t.test('the first heading is there at once, a later one with its first work', async t => {
  const { step } = inPlay('1.0', 'a', 'long')
  const begun = [playStarted('0.0', 'one'), playStarted('1.0', 'two')]
  t.equal(told(begun), '\nPLAY one\n')
  const text = told([...begun, inPlay('0.0', 'b', 'x'), { kind: 'step-started', host: 'a', step }])
  t.equal(text, '\nPLAY one\nchanged: b › x\n\nPLAY two\n')
})

t.test('each line stands under its play, where hosts are in different ones', async t => {
  const events = [
    playStarted('0.0', 'one'),
    playStarted('1.0', 'two'),
    inPlay('0.0', 'a', 'x'),
    inPlay('1.0', 'a', 'y'),
    // One that goes on and one that is behind, told together: play by play.
    inPlay('0.0', 'b', 'x'),
    inPlay('1.0', 'b', 'y'),
  ]
  t.equal(told(events), '\nPLAY one\nchanged: a, b › x\n\nPLAY two\nchanged: a, b › y\n')
  // Told one by one: a warning is never held.
  const warning: Event = { kind: 'warning', message: 'hm' }
  const failure: Event = { kind: 'host-failed', host: 'b', play: '0.0', failure: failed('gone').failure }
  const apart = told([...events.slice(0, 4), warning, ...events.slice(4), warning, failure])
  t.match(
    apart,
    /PLAY two\nchanged: a › y\nwarning: hm\nPLAY one goes on\nchanged: b › x\nPLAY two goes on\nchanged: b › y\n/,
  )
  t.match(apart, /warning: hm\nPLAY one goes on\nfailed: b: gone/)
})

t.test('batches of serial are plays of their own, in the order of their numbers', async t => {
  const batches = ['0.0', '0.9', '0.10'].map((id, batch) => playStarted(id, 'all', { batch, hosts: [`h${batch}`] }))
  const text = told([...batches, inPlay('0.10', 'h2', 'x'), inPlay('0.9', 'h1', 'x'), inPlay('0.0', 'h0', 'x')])
  t.equal(text, [0, 1, 2].map(batch => `\nPLAY all (batch ${batch + 1}: h${batch})\nchanged: h${batch} › x\n`).join(''))
})

t.test('«all hosts» are those of the play that the line belongs to', async t => {
  const hosts = Array.from({ length: 10 }, (_, index) => `h${index}`)
  const plays = [playStarted('0.0', 'one', { hosts }), playStarted('1.0', 'two', { hosts: hosts.slice(0, 7) })]
  const ended = [
    ...hosts.map(host => inPlay('0.0', host, 'x')),
    ...hosts.slice(0, 7).map(host => inPlay('1.0', host, 'y')),
  ]
  t.match(told([...plays, ...ended]), /all 10 hosts › x\n\nPLAY two\nchanged: all 7 hosts › y/)
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

t.test('a dry run says how much is known only where all hosts came to the end of their plays', async t => {
  const through = recap({ ok: 2 })
  for (const lost of [
    recap({ ok: 1, failed: 1 }),
    recap({ unreachable: 1 }),
    recap({ stopped: { step: 's', how: 'before' } }),
  ])
    t.notMatch(told([runEnded({ a: through, b: lost }, { check: true })]), /% of the plan/)
  t.notMatch(told([runEnded({ a: recap({}) }, { check: true })]), /% of the plan/, 'nothing was looked at')
  t.match(
    told([runEnded({ a: through, b: recap({ ok: 1, ignored: 1 }) }, { check: true })]),
    /100 % of the plan is known/,
  )
})

t.test('what a host printed stands below a warning, indented, and what to do below that', async t => {
  const message = 'tkplay-apt.service has ended: exit code 100\nE: one\nE: two'
  t.equal(
    told([{ kind: 'warning', host: 'a', message, hint: 'see' }]),
    'warning: a: tkplay-apt.service has ended: exit code 100\n  | E: one\n  | E: two\n  → see\n',
  )
})

t.test('all facts of a host are for -vvv', async t => {
  const step = { ...stepEnded('a', 'Gathering facts').step, module: 'setup' }
  const gathered = stepEnded('a', 'Gathering facts', { step, status: 'ok', result: { ansible_facts: { arch: 'x' } } })
  t.equal(told([gathered], { verbosity: 2 }), 'ok: a › Gathering facts — all facts: -vvv\n')
  t.match(told([gathered], { verbosity: 3 }), /"arch": "x"/)
})

t.test('what only a run does is told as that, and is not known', async t => {
  const asks = (changes: StepEnded['changes']) =>
    stepEnded('a', 'it answers', { status: 'ok', onlyInRun: true, changes })
  t.match(told([asks([])]), 'ok: a › it answers — only done in a run\n')
  const request = [{ kind: 'request', summary: 'only in a run: POST http://api/' }]
  t.match(told([asks(request)]), 'ok: a › it answers — only in a run: POST http://api/\n')
  t.match(
    told([runEnded({ a: recap({ ok: 4, onlyInRun: 1 }) }, { check: true })]),
    /ok=4 .*only in a run=1\n.*; 75 % of the plan is known/,
  )
})

t.test('interrupted hosts that stand at the same place are one line', async t => {
  const at = recap({ stopped: { step: 'one', how: 'finished' } })
  const text = told([
    { kind: 'interrupted', signal: 'SIGINT' },
    { kind: 'interrupted', signal: 'SIGINT', again: true },
    runEnded({
      a: at,
      b: at,
      c: recap({ stopped: { step: 'two', how: 'ended' } }),
      d: recap({ stopped: { step: 'apt', how: 'running on the host' } }),
    }),
  ])
  t.match(text, /^SIGINT: no new step is started.*\nSIGINT again: running steps are ended\n/)
  t.equal(
    text.slice(text.indexOf('a, b: stopped')),
    [
      "a, b: stopped; 'one' was finished",
      "c: stopped; 'two' was ended before it was finished",
      "d: stopped; 'apt' may still run on the host: the next run waits for it",
      '4 hosts in 12 s',
      '→ start the same command again: it goes on where this one stopped',
      '',
    ].join('\n'),
  )
  t.notMatch(told([runEnded({ a: recap() })]), /start the same command/, 'only where a host was stopped')
})

t.test('hosts of one line stand in the order of the inventory, whoever came first', async t => {
  const started: Event = { kind: 'run-started', playbooks: [], hosts: ['web', 'a', 'db'], check: false }
  t.equal(told([started, ...['db', 'a', 'web'].map(host => stepEnded(host, 'one'))]), 'changed: web, a, db › one\n')
})

t.test('failed hosts stand together at the end, each with what ended it', async t => {
  const failure = failed('no').failure
  const lost = { kind: 'unreachable', code: 'refused', message: 'nobody answers', remedy: 'start it' } as const
  const text = told([
    stepEnded('a', 'list', failed('no')),
    stepEnded('b', 'list', failed('no')),
    { kind: 'host-failed', host: 'a', failure },
    { kind: 'host-failed', host: 'c', failure: { failure: lost } },
    runEnded({ a: recap({ failed: 1 }), b: recap({ failed: 1 }), c: recap({ unreachable: 1 }), d: recap({ ok: 1 }) }),
  ])
  t.match(text, /\nfailed: a, b › list: no \(exit code 2\)\nunreachable: c › nobody answers\n$/)
  t.notMatch(
    told([stepEnded('a', 'list', failed('no')), runEnded({ a: recap({ failed: 1 }) })]),
    /failed: a.*failed: a/s,
  )
})

t.test('an assertion says which condition does not hold, and where it stands', async t => {
  const condition = { text: 'ram > 2000', source: { file: 'site.yml', line: 7, col: 9 } }
  const assertion = (message: string) =>
    told([
      stepEnded('a', 'ram', { status: 'failed', failure: { failure: { kind: 'task-failed', message, condition } } }),
    ])
  t.equal(
    assertion('too small'),
    'failed: a › ram: too small\n  at site.yml:7:9\n  | this condition is false: ram > 2000\n',
  )
  t.equal(
    assertion('Assertion failed: ram > 2000'),
    'failed: a › ram: Assertion failed: ram > 2000\n  at site.yml:7:9\n',
  )
})
