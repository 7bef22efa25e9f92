/** The only place that quotes for the shell. Values get into shell text through the tagged template `sh`, and in no other way. */

/** One word of a POSIX shell. @throws RangeError for a NUL byte, which no argument can contain */
export const quote = (word: string): string => {
  if (word.includes('\0')) throw new RangeError('a NUL byte cannot stand in a shell word')
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Shell text that is inserted without quoting. */
export class ShellText {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text
  }
}

type Part = string | number | ShellText | readonly string[]

/**
 * sh`stat -c %a ${path}`: a string becomes one quoted word, a list several words; `ShellText` is inserted as it is.
 * The template's own text is raw: `\\n` and `\\(` reach the shell as written. Write a shell variable as `$NAME`, without braces.
 */
export const sh = (texts: TemplateStringsArray, ...parts: readonly Part[]): string =>
  texts.raw[0] + parts.map((part, index) => written(part) + (texts.raw[index + 1] ?? '')).join('')

const written = (part: Part): string => {
  if (part instanceof ShellText) return part.text
  if (typeof part === 'number') return String(part)
  return typeof part === 'string' ? quote(part) : part.map(quote).join(' ')
}

/** An argv as one command line. */
export const command = (argv: readonly string[]): string => argv.map(quote).join(' ')
