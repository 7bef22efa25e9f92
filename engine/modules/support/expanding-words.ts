import { quote } from '../../shell/quote.js'
import { homeOf, shellPath } from './path.js'

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
