import { bounded, PatternTooSlow, slowHint } from '../python/bounded-regex.js'
import { PythonRegexError, pythonRegex } from '../python/regex.js'

/** One part of a host pattern, between separators. */
export interface Term {
  readonly sign: 'or' | 'and' | 'not'
  readonly text: string
  /** `[2]`, `[1:3]` (inclusive), `[1:]`, `[-1]`. */
  readonly slice?: { readonly from: number; readonly to?: number | 'end' }
}

export class PatternProblem extends Error {
  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(message)
  }
}

/**
 * Splits a pattern at commas, or at colons outside of brackets where it has no comma. The parts that add hosts come
 * first, then those that intersect (`&`), then those that exclude (`!`): `!a:b` means `b:!a`.
 * @throws PatternProblem
 */
export const parsePattern = (pattern: string): readonly Term[] => {
  const terms = split(pattern).map(term)
  const by = (sign: Term['sign']) => terms.filter(one => one.sign === sign)
  const adds = by('or')
  if (terms.length === 0) throw new PatternProblem('an empty host pattern', "name a group or host, or 'all'")
  return [...(adds.length === 0 ? [{ sign: 'or', text: 'all' } as const] : adds), ...by('and'), ...by('not')]
}

const split = (pattern: string): readonly string[] => {
  const text = pattern.trim()
  if (text.includes(','))
    return text
      .split(',')
      .map(one => one.trim())
      .filter(one => one !== '')
  if (isAddress6(text)) return [text]
  return (text.match(token) ?? []).flatMap(one => (one === '' ? [] : [one]))
}

/** One part, up to a colon outside of brackets. A regular expression may have colons in its own brackets. */
const token = /[!&]?~(?:\\.|\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]|[^\s:])+|(?:[^\s:[\]]|\[[^\]]*\])+/g

const isAddress6 = (text: string): boolean =>
  /^[0-9A-Fa-f:.]+$/.test(text) && (text.match(/:/g) ?? []).length >= 2 && /::|(?:[^:]+:){7}/.test(text)

const term = (written: string): Term => {
  const sign = written.startsWith('&') ? 'and' : written.startsWith('!') ? 'not' : 'or'
  const text = sign === 'or' ? written : written.slice(1)
  if (text === '') throw new PatternProblem(`'${written}' names nothing`, `write the group or host after ${written}`)
  if (text.startsWith('~')) return { sign, text }
  const sliced = /^(.+)\[(?:(-?\d+)|(\d+)([:-])(\d*))\]$/.exec(text)
  if (sliced?.[1] === undefined) return { sign, text }
  const [, name, index, from, , to] = sliced
  if (index !== undefined) return { sign, text: name, slice: { from: Number(index) } }
  return { sign, text: name, slice: { from: Number(from), to: to === '' || to === undefined ? 'end' : Number(to) } }
}

/**
 * A test for names by the text of a pattern: a name, a glob with the rules of Python's fnmatch, or `~` and a regular
 * expression.
 */
export const matcher = (text: string): ((name: string) => boolean) => {
  if (!text.startsWith('~') && !isGlob(text)) return name => name === text
  try {
    const pattern = text.startsWith('~') ? pythonRegex(text.slice(1)) : new RegExp(globRegex(text), 'su')
    return name => startsAt(pattern, name, text)
  } catch (error) {
    if (!(error instanceof PythonRegexError) && !(error instanceof SyntaxError)) throw error
    throw new PatternProblem(`'${text}' is no regular expression: ${error.message}`, 'check its brackets')
  }
}

const startsAt = (pattern: RegExp, name: string, written: string): boolean => {
  try {
    return bounded(
      pattern,
      [name],
      () => {
        pattern.lastIndex = 0
        return pattern.exec(name)?.index === 0
      },
      written,
    )
  } catch (error) {
    if (!(error instanceof PatternTooSlow)) throw error
    throw new PatternProblem(error.message, slowHint)
  }
}

export const isGlob = (text: string): boolean => /[*?[]/.test(text)

const globRegex = (glob: string): string => {
  let made = '^'
  for (let at = 0; at < glob.length; at++) {
    const char = glob.charAt(at)
    const set = char === '[' ? /^\[(!?)(\]?[^\]]*)\]/.exec(glob.slice(at)) : null
    if (set?.[2] !== undefined && set[2] !== '') {
      made += `[${set[1] === '!' ? '^' : ''}${set[2].replace(/[\\\]^[]/g, '\\$&')}]`
      at += set[0].length - 1
    } else made += char === '*' ? '.*' : char === '?' ? '.' : char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  }
  return `${made}$`
}
