import { bounded } from '../../python/bounded-regex.js'

/** The lines of a text, each with its newline; the last may have none. */
export const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** A line without its newline. */
export const bare = (line: string): string => line.replace(/[\r\n]+$/, '')

export const endLine = (line: string): string => (line.endsWith('\n') ? line : `${line}\n`)

/** Lines that end: a newline is added to the last where it has none. */
export const ended = (lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => (index === lines.length - 1 ? endLine(line) : line))

export const inserted = (lines: readonly string[], at: number, ...more: readonly string[]): readonly string[] => [
  ...lines.slice(0, at),
  ...more,
  ...lines.slice(at),
]

/** The index of the first line, or the last, in which the pattern is found; -1 where it is in none. @throws PatternTooSlow */
export const lineMatching = (pattern: RegExp, lines: readonly string[], which: 'first' | 'last'): number => {
  const matches = (line: string): boolean => {
    pattern.lastIndex = 0
    return pattern.test(line)
  }
  return bounded(pattern, lines, () => (which === 'first' ? lines.findIndex(matches) : lines.findLastIndex(matches)))
}

/** The lines in which the pattern is not found. @throws PatternTooSlow */
export const linesWithout = (pattern: RegExp, lines: readonly string[]): readonly string[] =>
  bounded(pattern, lines, () =>
    lines.filter(line => {
      pattern.lastIndex = 0
      return !pattern.test(line)
    }),
  )

/** The first match, whatever state the expression was left in. @throws PatternTooSlow */
export const firstMatch = (pattern: RegExp, text: string): RegExpExecArray | null =>
  bounded(pattern, [text], () => {
    pattern.lastIndex = 0
    return pattern.exec(text)
  })
