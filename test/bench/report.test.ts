import t from 'tap'
import { reportOn } from '../../bench/report.js'
import type { ItemResult, ProgramResult } from '../../bench/rounds.js'
import { reportText } from '../../bench/table.js'
import { compareTargets } from '../../bench/targets.js'

const program = (name: string, walls: readonly number[], more: Partial<ProgramResult> = {}): ProgramResult => ({
  name,
  samples: walls.map(wall => ({ wall, cpu: wall / 2, largest: 80 })),
  refused: [],
  ...more,
})

const fleet: ItemResult = {
  name: 'fleet',
  what: 'uptime on 200 addresses',
  rounds: 3,
  programs: [
    program('tkplay', [2, 2.4, 3], { together: 81 }),
    program('pdsh', [9], { refused: [{ run: 'round 2', why: '199 of 200 hosts answered' }], version: 'pdsh 2.34' }),
    program('pyinfra', []),
    program('floor', [2, 2, 2]),
  ],
  absent: [{ name: 'ansible', why: 'it could not be installed: no PyPI' }],
}

t.test('figures, what was to be reached, and what else must be known', async t => {
  const { rows, outcomes } = reportOn([fleet])
  t.match(rows[0], { program: 'tkplay', wall: { median: 2.4, min: 2, max: 3 }, toTkplay: 1, toFloor: 1.2, cpu: 1.2 })
  t.match(rows[1], { program: 'pdsh', toTkplay: 9 / 2.4, counted: 1, rounds: 3 })
  t.match(outcomes, [{ item: 'fleet', against: 'floor', ratio: 1.2, reached: false }])
  t.equal(outcomes.length, 1, 'nothing is said of items that were not run')
  t.equal(
    reportText(reportOn([fleet])),
    `item   program  median s    min–max  × tkplay  × floor  cpu s  peak MB  all MB    runs
fleet  tkplay       2.40  2.00–3.00      1.00     1.20   1.20       80      81       3
fleet  pdsh         9.00  9.00–9.00      3.75     4.50   4.50       80       –  1 of 3
fleet  pyinfra         –          –         –        –      –        –       –  0 of 3
fleet  floor        2.00  2.00–2.00      0.83     1.00   1.00       80       –       3

fleet      ≤ 1.15× floor                 1.20×  not reached

fleet: uptime on 200 addresses; pdsh 2.34
fleet › ansible is left out: it could not be installed: no PyPI
fleet › pdsh: round 2 is not counted: 199 of 200 hosts answered
`,
  )
})

t.test('a target is reached at its bound', async t => {
  const medians = new Map([
    ['own', 2],
    ['slow', 30],
    ['floor', 1],
  ])
  const outcomes = (fasterBy: number, within: number): readonly boolean[] =>
    compareTargets(
      [
        { item: 'x', against: 'slow', bound: { fasterBy } },
        { item: 'x', against: 'floor', bound: { within } },
        { item: 'x', against: 'absent', bound: { within } },
      ],
      (_item, name) => medians.get(name),
      'own',
    ).map(({ reached }) => reached)
  t.same(outcomes(15, 2), [true, true])
  t.same(outcomes(15.1, 1.9), [false, false])
})
