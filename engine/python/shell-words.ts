/** One word of a line. */
export interface Word {
  /** The word without its quotes. */
  readonly text: string
  /** The offset of the word in the line, quote included. */
  readonly at: number
  /** The offset after its last character. */
  readonly end: number
}

/** The differences between the ways to split a line. In all of them, quotes inside a word join it. */
interface Dialect {
  readonly space: RegExp
  /** Whether a backslash escapes the next character; `quote` is '' outside of quotes. */
  readonly escapes: (quote: string, next: string) => boolean
  /** Where a `#` starts a comment. */
  readonly comments: 'never' | 'anywhere' | 'before a word'
  /** Whether a template outside of quotes is one word, kept as written. */
  readonly templates?: true
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

/** Source: ansible/parsing/splitter.py, split_args. */
const ansible: Dialect = { space: /\s/, escapes: (_, next) => next !== '', comments: 'never', templates: true }

const extraVars: Dialect = { ...ansible, escapes: () => false }

/** Python's `shlex.split`. @throws RangeError for an open quote, or a backslash at the end */
export const shellWords = (line: string): readonly string[] => split(line, python).map(({ text }) => text)

/** `shlex.split(line, comments=True)`, with offsets. @throws RangeError */
export const commentedWords = (line: string): readonly Word[] => split(line, { ...python, comments: 'anywhere' })

/** The arguments of a keyword of ssh_config(5), split as in OpenSSH. @throws RangeError for an open quote */
export const sshWords = (line: string): readonly string[] => split(line, openssh).map(({ text }) => text)

/** The words of `module: a=1 b="x y" {{ z }}`, split as in Ansible. @throws RangeError for an open quote or template */
export const argumentWords = (line: string): readonly Word[] => split(line, ansible)

/** The words of `--extra-vars`, in which a backslash is a literal. @throws RangeError for an open quote or template */
export const extraVarWords = (line: string): readonly Word[] => split(line, extraVars)

const split = (line: string, { space, escapes, comments, templates }: Dialect): readonly Word[] => {
  const words: Word[] = []
  let word: { text: string; at: number } | undefined
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at)
    if (quote === '' && space.test(char)) {
      if (word !== undefined) words.push({ ...word, end: at })
      word = undefined
      continue
    }
    if (quote === '' && char === '#' && (comments === 'anywhere' || (comments !== 'never' && word === undefined))) {
      if (word !== undefined) words.push({ ...word, end: at })
      word = undefined
      at = endOfLine(line, at) - 1
      continue
    }
    word ??= { text: '', at }
    const closing = templates && quote === '' ? closings.get(line.slice(at, at + 2)) : undefined
    if (closing !== undefined) {
      const end = line.indexOf(closing, at + 2) + 2
      if (end === 1) throw new RangeError(`a template ${line.slice(at, at + 2)} is not closed`)
      word.text += line.slice(at, end)
      at = end - 1
    } else if (char === '\\' && escapes(quote, line.charAt(at + 1))) {
      at++
      if (at >= line.length) throw new RangeError('nothing follows the last backslash')
      word.text += line.charAt(at)
    } else if (char === quote) quote = ''
    else if (quote === '' && (char === '"' || char === "'")) quote = char
    else word.text += char
  }
  if (quote !== '') throw new RangeError(`a quote ${quote} is not closed`)
  return word === undefined ? words : [...words, { ...word, end: line.length }]
}

const closings: ReadonlyMap<string, string> = new Map([
  ['{{', '}}'],
  ['{%', '%}'],
  ['{#', '#}'],
])

const endOfLine = (line: string, at: number): number => {
  const end = line.indexOf('\n', at)
  return end === -1 ? line.length : end
}

/** Python's `shlex.quote`, exactly, since playbooks compare its results. */
export const quoteWord = (value: string): string =>
  value !== '' && /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`
