import { FLOOR, TKPLAY } from './item.js'
import type { ItemResult, ProgramResult } from './rounds.js'
import { type Summary, summary } from './statistics.js'
import { compareTargets, type TargetOutcome, targets } from './targets.js'

/** One program in one item. */
export interface Row {
  readonly item: string
  readonly program: string
  /** Seconds; undefined where no run was counted. */
  readonly wall: Summary | undefined
  /** The ratio of medians to tkplay, and to the floor, of the same item. */
  readonly toTkplay: number | undefined
  readonly toFloor: number | undefined
  readonly cpu: number | undefined
  readonly largest: number | undefined
  readonly together: number | undefined
  readonly counted: number
  readonly rounds: number
}

export interface Report {
  readonly rows: readonly Row[]
  readonly outcomes: readonly TargetOutcome[]
  /** Further information: which programs are missing, and which runs were not counted. */
  readonly notes: readonly string[]
}

export const reportOn = (items: readonly ItemResult[]): Report => {
  const rows = items.flatMap(rowsOf)
  const median = (item: string, program: string): number | undefined =>
    rows.find(row => row.item === item && row.program === program)?.wall?.median
  return { rows, outcomes: compareTargets(targets, median, TKPLAY), notes: items.flatMap(notesOn) }
}

const rowsOf = (item: ItemResult): readonly Row[] => {
  const walls = new Map(item.programs.map(({ name, samples }) => [name, summary(samples.map(({ wall }) => wall))]))
  return item.programs.map(program => {
    const wall = walls.get(program.name)
    return {
      item: item.name,
      program: program.name,
      wall,
      toTkplay: ratio(wall, walls.get(TKPLAY)),
      toFloor: ratio(wall, walls.get(FLOOR)),
      cpu: medianOf(program, 'cpu'),
      largest: medianOf(program, 'largest'),
      together: program.together,
      counted: program.samples.length,
      rounds: item.rounds,
    }
  })
}

const ratio = (one: Summary | undefined, other: Summary | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one.median / other.median

const medianOf = ({ samples }: ProgramResult, key: 'cpu' | 'largest'): number | undefined =>
  summary(samples.map(sample => sample[key]))?.median

const notesOn = ({ name, what, absent, programs }: ItemResult): readonly string[] => [
  `${name}: ${[what, ...programs.flatMap(({ version }) => version ?? [])].join('; ')}`,
  ...absent.map(one => `${name} › ${one.name} is left out: ${one.why}`),
  ...programs.flatMap(program =>
    program.refused.map(({ run, why }) => `${name} › ${program.name}: ${run} is not counted: ${why}`),
  ),
]
