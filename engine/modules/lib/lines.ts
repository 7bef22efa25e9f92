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

/** The first match, whatever state the expression was left in. */
export const firstMatch = (pattern: RegExp, text: string): RegExpExecArray | null => {
  pattern.lastIndex = 0
  return pattern.exec(text)
}
