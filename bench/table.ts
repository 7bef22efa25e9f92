import type { Report, Row } from './report.js'
import { outcomeLine } from './targets.js'

const HEAD = [
  'item',
  'program',
  'median s',
  'min–max',
  '× tkplay',
  '× floor',
  'cpu s',
  'peak MB',
  'all MB',
  'runs',
] as const

/** The report as text: a row for each program, then the targets, then notes. */
export const reportText = ({ rows, outcomes, notes }: Report): string =>
  [tableLines(rows), outcomes.map(outcomeLine), notes]
    .filter(lines => lines.length > 0)
    .map(lines => `${lines.join('\n')}\n`)
    .join('\n')

export const tableLines = (rows: readonly Row[]): readonly string[] => {
  const lines = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, at) => Math.max(...lines.map(cells => cells[at]?.length ?? 0)))
  // Names are aligned left, figures right.
  return lines.map(cells =>
    cells
      .map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

const cellsOf = (row: Row): readonly string[] => [
  row.item,
  row.program,
  figure(row.wall?.median, 2),
  row.wall === undefined ? '–' : `${row.wall.min.toFixed(2)}–${row.wall.max.toFixed(2)}`,
  figure(row.toTkplay, 2),
  figure(row.toFloor, 2),
  figure(row.cpu, 2),
  figure(row.largest, 0),
  figure(row.together, 0),
  row.counted === row.rounds ? `${row.counted}` : `${row.counted} of ${row.rounds}`,
]

const figure = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? '–'
