import t from 'tap'
import type { Event } from '../../../engine/core/event.js'
import { plainReporter } from '../../../engine/report/plain.js'
import { printable, printableReporter } from '../../../engine/report/printable.js'
import { failed, recap, runEnded, stepEnded } from './events.js'

t.test('what a terminal would obey is written out', async t => {
  t.equal(printable('\x1b[31mred\x1b]0;title\x07'), '\\x1b[31mred\\x1b]0;title\\x07')
  t.equal(printable('\u009b31m \x7f \0'), '\\x9b31m \\x7f \\x00', 'C1, DEL and NUL')
  t.equal(printable('a\rb\r\nc\td\n'), 'a\\x0db\nc\td\n', 'lines end as they do elsewhere')
  t.equal(printable('user\u202enimda'), 'user\\u202enimda', 'the reading direction')
  t.equal(printable('Größe 日本語 😀'), 'Größe 日本語 😀')
})

t.test('no text of an event reaches a terminal as more than text', async t => {
  const esc = '\x1b[2J\u009b'
  const bytes = new TextEncoder().encode(esc)
  const raw = { rc: 1, stdout: bytes, stderr: bytes }
  const change = { kind: 'write', summary: esc, diff: { path: esc, before: 'a\n', after: `${esc}\n` } }
  const events: readonly Event[] = [
    { kind: 'play-started', id: '0.0', play: esc, hosts: ['web1'] },
    stepEnded('web1', `${esc}\nfailed: web2 › forged`, { message: { [esc]: esc }, item: esc }),
    stepEnded('web1', 'change', { changes: [change], result: { stdout: esc } }),
    stepEnded('web1', 'wait', { status: 'unknown', waitsFor: esc }),
    stepEnded('web1', 'fail', failed(esc)),
    { kind: 'host-failed', host: 'web1', failure: { failure: { kind: 'apply-failed', command: esc, raw } } },
    {
      kind: 'host-failed',
      host: 'web1',
      failure: { failure: { kind: 'interrupted' }, message: { what: esc, remedy: esc } },
    },
    { kind: 'warning', host: 'web1', message: esc },
    runEnded({ web1: recap({ stopped: { step: esc, how: 'ended' } }) }),
  ]
  let text = ''
  const write = (more: string): void => {
    text += more
  }
  const reporter = printableReporter(plainReporter({ write, colours: false, diff: true, verbosity: 3 }))
  for (const event of events) reporter.event(event)
  await reporter.close()
  t.notMatch(text, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
  t.match(text, '\\x1b[2J\\x9b')
  t.notMatch(text, /^failed: web2/m, 'the name of a step is one line')
})
