import t from 'tap'
import type { Event, StepEnded } from '../../../engine/core/event.js'
import { type AdhocOptions, adhocReporter } from '../../../engine/report/adhoc.js'
import { failed, recap, runEnded, stepEnded } from './events.js'

const told = (events: readonly Event[], more: Partial<AdhocOptions> = {}): string => {
  let text = ''
  const write = (one: string): void => {
    text += one
  }
  const reporter = adhocReporter({
    write,
    aside: one => write(`aside ${one}`),
    colours: false,
    layout: 'block',
    diff: false,
    verbosity: 0,
    ...more,
  })
  for (const event of events) reporter.event(event)
  return text
}

const said = (host: string, stdout: string, stderr = ''): StepEnded =>
  stepEnded(host, 'shell', { result: { rc: 0, stdout, stderr, changed: true } })

t.test("a command's output under its host", async t => {
  t.equal(told([said('a', 'one\ntwo', 'hm')]), 'a | CHANGED | rc=0\none\ntwo\nhm\n')
})

t.test('one line a host; equal outputs folded', async t => {
  t.equal(
    told([said('a', 'one\ntwo'), said('b', '')], { layout: 'one-line' }),
    'a | CHANGED | rc=0 | one\\ntwo\nb | CHANGED | rc=0\n',
  )
  const events = [said('a', 'x'), said('b', 'y'), said('c', 'x'), runEnded({ a: recap(), b: recap(), c: recap() })]
  t.equal(told(events, { layout: 'fold' }), '2 hosts: a, c | CHANGED | rc=0\nx\nb | CHANGED | rc=0\ny\n')
})

t.test('a state is told by its changes, an answer as JSON, all of it when asked for', async t => {
  const changes = [{ kind: 'write', summary: '/x: new', diff: { path: '/x', before: undefined, after: 'a\n' } }]
  const result = { changed: true, path: '/x', mode: '0644' }
  t.equal(told([stepEnded('a', 'copy', { changes, result })]), 'a | CHANGED\n/x: new\n')
  t.match(told([stepEnded('a', 'copy', { changes, result })], { diff: true }), /\/x: new\n.*--- \/dev\/null\n/s)
  t.equal(
    told([stepEnded('a', 'copy', { changes, result })], { diff: true, layout: 'one-line' }),
    'a | CHANGED | /x: new\n',
  )
  t.match(told([stepEnded('a', 'copy', { changes, result })], { verbosity: 1 }), /"mode": "0644"/)
  t.equal(
    told([stepEnded('a', 'ping', { status: 'ok', result: { changed: false, ping: 'pong' } })]),
    'a | OK\n{\n  "ping": "pong"\n}\n',
  )
})

t.test('failures in words, what is no answer of a host aside', async t => {
  t.match(
    told([stepEnded('a', 'shell', failed('no'))]),
    /^a \| FAILED\nno \(exit code 2\)\n\$ ls \/nowhere\n\| ls: no such file\n→ /,
  )
  const raw = { rc: 100, stdout: new Uint8Array(), stderr: Buffer.from('E: no room\n') }
  const failure = {
    failure: { kind: 'apply-failed', command: 'apt-get install tree', raw },
    message: { what: 'the disk is full', remedy: 'free some' },
  } as const
  const result = { rc: 100, stdout: 'Reading package lists…\n', stderr: 'E: no room\n' }
  t.equal(
    told([stepEnded('a', 'apt', { status: 'failed', failure, result })]),
    'a | FAILED | rc=100\nthe disk is full\n$ apt-get install tree\n| E: no room\n→ free some\n',
    "a module's failure comes with its remedy, whatever its programs printed",
  )
  t.equal(told([{ kind: 'warning', message: 'hm' }]), 'aside warning: hm\n')
  t.equal(told([{ kind: 'warning', message: 'hm', hint: 'do so' }]), 'aside warning: hm\n  → do so\n')
})
