/** What a test file said in TAP (version 14, as tap prints it). */
export interface TapResult {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly failures: readonly TapFailure[]
}

export interface TapFailure {
  /** The subtests around it, then the assertion. */
  readonly name: string
  readonly details: readonly string[]
}

/**
 * Counts assertions, not subtests: the numbers are those of tap's closing comment.
 * @returns undefined where that comment is missing: the file was ended before it was through
 */
export const readTap = (text: string): TapResult | undefined => {
  const closing = /^# \{ (total: [^}]*) \}$/m.exec(text)?.[1]
  if (closing === undefined) return undefined
  const count = (name: string): number => Number(new RegExp(`\\b${name}: (\\d+)`).exec(closing)?.[1] ?? 0)
  const failures = failuresIn(text.split('\n'))
  return { passed: count('pass'), failed: count('fail'), skipped: count('skip') + count('todo'), failures }
}

const failuresIn = (lines: readonly string[]): readonly TapFailure[] => {
  const failures: TapFailure[] = []
  const around: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const depth = indent(line) / 4
    const subtest = /^ *# Subtest: (.*)$/.exec(line)?.[1]
    const point = /^ *(not )?ok \d+(?: - (.*?))?( # .*)?$/.exec(line)
    if (subtest !== undefined) {
      around.length = depth
      around.push(subtest)
    } else if (point !== null) {
      const details = detailsAfter(lines, at)
      const closesSubtest = around.length > depth
      around.length = Math.min(around.length, depth)
      const excused = /^ # (SKIP|TODO)/i.test(point[3] ?? '')
      if (point[1] !== undefined && !closesSubtest && !excused) {
        failures.push({ name: [...around, point[2] ?? ''].join(' › '), details })
      }
      at += details.length === 0 ? 0 : details.length + 2
    }
  }
  return failures
}

/** The YAML block below a test point, without its marks and its indentation. */
const detailsAfter = (lines: readonly string[], at: number): readonly string[] => {
  const mark = lines[at + 1] ?? ''
  if (mark.trim() !== '---') return []
  const width = indent(mark)
  const end = lines.findIndex((line, index) => index > at + 1 && line === `${' '.repeat(width)}...`)
  return lines.slice(at + 2, end === -1 ? undefined : end).map(line => line.slice(width))
}

const indent = (line: string): number => line.length - line.trimStart().length
