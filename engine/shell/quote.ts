/**
 * The only quoting. Shell text is built by the tagged template `sh`; there is no other way for a value to get into it.
 */

/** A word for a POSIX shell. @throws RangeError for NUL, which no argument can hold. */
export const quote = (word: string): string => {
  if (word.includes('\0')) throw new RangeError('a NUL byte cannot stand in a shell word')
  return /^[\w@%+:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Shell text that is already safe: what `sh` and `join` give. */
export class ShellText {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text
  }
}

type Part = string | number | ShellText | readonly string[]

/**
 * sh`stat -c %a ${path}`: strings become one quoted word each, lists several; `ShellText` stands as it is.
 * The text is raw (`\\n`, `\\(` reach the shell as written): a shell variable is written `$NAME`, never in braces.
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
