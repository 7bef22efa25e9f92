import { inspect } from 'node:util'
import type { TestResult } from './test-run.js'

/** `ok      engine/shell/quote                 12 passed   0.4 s` */
export const resultLine = ({ file, passed, failed, skipped, ms }: TestResult): string =>
  [
    (failed > 0 ? 'FAILED' : 'ok').padEnd(7),
    file.name.padEnd(44),
    `${passed} passed`.padStart(12),
    ...(failed > 0 ? [`${failed} failed`.padStart(10)] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    `${(ms / 1000).toFixed(1)} s`.padStart(8),
  ].join(' ')

export const failureLines = ({ failures }: TestResult): readonly string[] =>
  failures.flatMap(({ name, details }) => [
    `        ${name}`,
    ...(Array.isArray(details) ? details : Object.entries(details).flatMap(entry => detailLines(...entry))).map(
      line => `            ${line}`,
    ),
  ])

/** One detail of a failed assertion; a text of several lines, such as a diff, is put below its name. */
const detailLines = (name: string, value: unknown): readonly string[] => {
  const lines = (typeof value === 'string' ? value.trimEnd() : inspect(value, { depth: 8, breakLength: 100 })).split(
    '\n',
  )
  return lines.length === 1 ? [`${name}: ${lines[0]}`] : [`${name}:`, ...lines.map(line => `  ${line}`)]
}

/** The last line, for programs that run the tests. */
export const closingLine = (results: readonly { readonly passed: number; readonly failed: number }[]): string => {
  const sum = (key: 'passed' | 'failed'): number => results.reduce((total, result) => total + result[key], 0)
  return `${sum('passed')} passed, ${sum('failed')} failed`
}
