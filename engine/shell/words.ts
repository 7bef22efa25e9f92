/** One word of a line, without its quotes. */
export interface Word {
  readonly text: string
  /** Where it starts in the line. */
  readonly at: number
}

/** Where the ways to split a line differ. Quotes inside of a word join it in all of them. */
interface Dialect {
  readonly space: RegExp
  /** Whether a backslash takes the next character; `quote` is '' outside of quotes. */
  readonly escapes: (quote: string, next: string) => boolean
  /** Where a `#` begins a comment. */
  readonly comments: 'never' | 'anywhere' | 'before a word'
}

const python: Dialect = {
  space: /[ \t\r\n]/,
  escapes: (quote, next) => quote === '' || (quote === '"' && /["\\]/.test(next)),
  comments: 'never',
}

const openssh: Dialect = {
  space: /[ \t]/,
  escapes: (quote, next) => /["'\\]/.test(next) || (quote === '' && next === ' '),
  comments: 'before a word',
}

/** Words as Python's `shlex.split` gives them. @throws RangeError for a quote or a backslash that nothing follows */
export const shellWords = (line: string): readonly string[] => split(line, python).map(({ text }) => text)

/** As `shlex.split(line, comments=True)`, with places. @throws RangeError */
export const commentedWords = (line: string): readonly Word[] => split(line, { ...python, comments: 'anywhere' })

/** The arguments of a keyword of ssh_config(5), as OpenSSH splits them. @throws RangeError for a quote that is never closed */
export const sshWords = (line: string): readonly string[] => split(line, openssh).map(({ text }) => text)

const split = (line: string, { space, escapes, comments }: Dialect): readonly Word[] => {
  const words: Word[] = []
  let word: { text: string; at: number } | undefined
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    if (quote === '' && space.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
      continue
    }
    if (quote === '' && char === '#' && (comments === 'anywhere' || (comments !== 'never' && word === undefined))) {
      at = endOfLine(line, at) - 1
      continue
    }
    word ??= { text: '', at }
    if (char === '\\' && escapes(quote, line.charAt(at + 1))) {
      at++
      if (at >= line.length) throw new RangeError('nothing follows the last backslash')
      word.text += line.charAt(at)
    } else if (char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
    else word.text += char
  }
  if (quote !== '') throw new RangeError(`a quote ${quote} is not closed`)
  return word === undefined ? words : [...words, word]
}

const endOfLine = (line: string, at: number): number => {
  const end = line.indexOf('\n', at)
  return end === -1 ? line.length : end
}
