import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import { Unknown, type Value } from '../../../../engine/core/value.js'
import { secretsIn } from '../../../../engine/run/step/redact.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

t.test('secrets are not in any event', async t => {
  const params = computed(['password'], ([password]) => new Map<string, Value>([['cmd', password ?? null]]))
  const { run, events, effects } = fakeHosts(['a'])
  await run([
    play([step('secret', 'act', params), step('hidden', 'act', { cmd: 'visible99' }, { noLog: constant(true) })]),
  ])
  t.strictSame(effects, ['a act hunter22', 'a act visible99'], 'the host gets it')
  t.notMatch(JSON.stringify(events), /hunter22/)
  t.notMatch(JSON.stringify(events), /visible99/)
})

t.test('a no_log that is not known yet hides', async t => {
  const { run, events } = fakeHosts(['a'])
  const noLog = computed(['r'], () => new Unknown('nothing') as Value)
  await run([play([step('hidden', 'act', { cmd: 'visible99' }, { noLog })])], { check: true })
  t.match(
    events.find(event => event.kind === 'step-ended'),
    { noLog: true, status: 'would-change' },
  )
  t.notMatch(JSON.stringify(events), /visible99/)
})

t.test('what is nearly nothing would hide everything', async t => {
  t.strictSame(secretsIn(null, ['', '!', 'ab', true, null]), [])
  t.strictSame(secretsIn(null, ['hunter2\nhunter34']), ['hunter2\nhunter34', 'hunter34', 'hunter2'])
})
