import t from 'tap'
import { painter } from '../../../engine/report/colours.js'
import { LiveRows } from '../../../engine/report/live-rows.js'
import { failed, stepEnded } from './events.js'

const rowsOf = (count: number, most: number) => {
  const clock = { now: 0 }
  const hosts = Array.from({ length: count }, (_, index) => `h${index + 1}`)
  return { clock, rows: new LiveRows(hosts, most, painter(false), () => clock.now) }
}

const started = (host: string, name: string) => ({
  kind: 'step-started' as const,
  host,
  step: stepEnded(host, name).step,
})

t.test('a row a host where they fit: what it does, for how long, and what it has done', async t => {
  const { rows, clock } = rowsOf(2, 10)
  t.equal(rows.count, 2)
  rows.follow(stepEnded('h1', 'one'))
  rows.follow(started('h1', 'two'))
  clock.now = 3000
  t.strictSame(rows.titles(), ['h1  3.0 s  1 done, 1 changed  two', 'h2  3.0 s  0 done  connecting'])
  rows.follow({ kind: 'step-progress', host: 'h1', step: stepEnded('h1', 'two').step, text: '40 %' })
  t.match(rows.titles()[0], /two: 40 %$/)
  rows.follow(stepEnded('h2', 'one', failed('no')))
  t.equal(rows.failed(1), true)
  t.equal(rows.failed(0), false)
  t.equal(rows.titles()[1], 'h2         1 done  one')
})

t.test('where they do not fit: all together, then those at work', async t => {
  const { rows } = rowsOf(60, 4)
  t.equal(rows.count, 4)
  for (let index = 1; index <= 60; index++) rows.follow(stepEnded(`h${index}`, 'one'))
  rows.follow(started('h42', 'slow'))
  rows.follow(stepEnded('h7', 'two', failed('no')))
  const titles = rows.titles()
  t.equal(titles.length, 4)
  t.equal(titles[0], '60 hosts, 1 at work, 60 changes, 1 failed, 57 not shown here')
  t.match(titles[1], /^h42 .* slow$/)
  t.equal(rows.failed(0), false, 'rows are not hosts')
})
