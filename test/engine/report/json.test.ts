import t from 'tap'
import type { Event } from '../../../engine/core/event.js'
import { jsonReporter } from '../../../engine/report/json.js'
import { junitReporter } from '../../../engine/report/junit.js'
import { failed, recap, runEnded, stepEnded } from './events.js'

const written = (make: typeof jsonReporter, events: readonly Event[]): string => {
  let text = ''
  const reporter = make(
    more => {
      text += more
    },
    () => Date.UTC(2026, 0, 2, 3, 4, 5),
  )
  for (const event of events) reporter.event(event)
  return text
}

t.test('json: an event a line; bytes as text, failures in words too', async t => {
  const text = written(jsonReporter, [stepEnded('a', 'list', failed('no')), runEnded({ a: recap() })])
  const [step, end] = text.trimEnd().split('\n')
  t.match(JSON.parse(step ?? ''), {
    host: 'a',
    failure: {
      failure: { kind: 'task-failed', raw: { stderr: 'ls: no such file\n' } },
      lines: ['no (exit code 2)', '$ ls /nowhere', '| ls: no such file', /^→ /],
    },
  })
  t.match(JSON.parse(end ?? ''), { kind: 'run-ended', at: '2026-01-02T03:04:05.000Z' })
})

t.test('junit: a suite a host, XML text only', async t => {
  const text = written(junitReporter, [
    stepEnded('a', 'say "<\u0007>"'),
    stepEnded('a', 'red \u001b[31m, back\r, \ufffe, half \ud800'),
    stepEnded('a', 'list', failed('no')),
    stepEnded('a', 'loop', { item: 'x' }),
    stepEnded('b', 'skip', { status: 'skipped' }),
    runEnded({ a: recap(), b: recap() }),
  ])
  t.match(text, '<testsuite name="a" tests="3" failures="1" time="4.500" timestamp="2026-01-02T03:04:05.000Z">')
  t.match(text, 'name="say &quot;&lt;\\x07&gt;&quot;" file="site.yml" line="3" time="1.500"/>')
  t.match(text, 'name="red \\x1b[31m, back\\x0d, \ufffd, half \ufffd"')
  t.match(text, '<skipped/>')
})
