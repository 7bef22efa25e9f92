import { quote } from '../../shell/quote.js'
import { homeOf, shellPath } from './path.js'

/**
 * A command line as words, by the rules of Python's shlex in POSIX mode: quotes group, a backslash takes the next character.
 * @throws RangeError for a quote that is never closed
 */
export const splitWords = (line: string): readonly string[] => {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? ''
    if (/[ \t\r\n]/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (char === "'" || char === '"') {
      const quoted = readQuoted(line, at)
      word = (word ?? '') + quoted.text
      at = quoted.end
    } else if (char === '\\') {
      if (at + 1 >= line.length) throw new RangeError('nothing follows the last backslash')
      at++
      word = (word ?? '') + line[at]
    } else {
      word = (word ?? '') + char
    }
  }
  return word === undefined ? words : [...words, word]
}

const readQuoted = (line: string, start: number): { readonly text: string; readonly end: number } => {
  const mark = line[start]
  let text = ''
  for (let at = start + 1; at < line.length; at++) {
    const char = line[at] ?? ''
    if (char === mark) return { text, end: at }
    const next = line[at + 1] ?? ''
    const escapes = mark === '"' && char === '\\' && (next === '"' || next === '\\')
    text += escapes ? next : char
    if (escapes) at++
  }
  throw new RangeError(`a quote ${mark} is not closed`)
}

/** Words as shell text in which `$NAME`, `${NAME}` and a leading `~` are put in on the host; what is not set stays as it is written. */
export const expandingWords = (words: readonly string[]): string => words.map(expandingWord).join(' ')

const expandingWord = (word: string): string => {
  if (word.startsWith('~') && !word.includes('$')) return shellPath(word).text
  const parts = word.split(/(\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\})/).filter(part => part !== '')
  if (parts.length === 0) return quote('')
  return parts.map(part => (/^\$\{?[A-Za-z_]/.test(part) ? variable(part) : quote(part))).join('')
}

const variable = (written: string): string => {
  const name = written.replace(/[${}]/g, '')
  const unset = written.replace('$', '\\$').replace('}', '\\}')
  return `"\${${name}-${unset}}"`
}

/** A glob as shell text: only `*`, `?` and `[…]` keep their meaning. */
export const globText = (pattern: string): string => {
  const home = homeOf(pattern)
  const parts = pattern.slice(home.length).split(/([*?]|\[[^\]/]+\])/)
  return home + parts.map(part => (isGlob(part) ? part : part === '' ? '' : quote(part))).join('')
}

const isGlob = (part: string): boolean => /^(?:[*?]|\[!?[\w-]+\])$/.test(part)
