import { mock } from 'node:test'
import fc from 'fast-check'
import t from 'tap'
import { longestTimer, sleep, Timer } from '../../../engine/core/timer.js'

t.beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
t.afterEach(() => mock.timers.reset())

const times = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }),
  fc.integer({ min: longestTimer - 2, max: longestTimer * 5 }),
)

/** In steps that Node's own timers can take. */
const pass = (ms: number): void => {
  for (let left = ms; left > 0; left -= longestTimer) mock.timers.tick(Math.min(left, longestTimer))
}

t.test('a timer ends when its time is over, and not before, however long it is', async () => {
  fc.assert(
    fc.property(times, ms => {
      let ended = 0
      new Timer(ms, () => ended++)
      pass(ms - 1)
      const early = ended
      pass(longestTimer * 6)
      return early === 0 && ended === 1
    }),
  )
})

t.test('one that is cancelled never ends, one that is restarted counts anew', async t => {
  let ended = 0
  const cancelled = new Timer(longestTimer + 5, () => ended++)
  pass(longestTimer + 1)
  cancelled.cancel()
  cancelled.restart()
  const restarted = new Timer(100, () => ended++)
  pass(99)
  restarted.restart()
  pass(99)
  t.equal(ended, 0)
  pass(longestTimer)
  t.equal(ended, 1)
})

t.test('a sleep ends with its signal', async t => {
  const ending = new AbortController()
  const slept = sleep(longestTimer * 3, ending.signal)
  ending.abort()
  t.equal(await slept, undefined)
  t.equal(await sleep(longestTimer * 3, ending.signal), undefined, 'or does not begin')
})
