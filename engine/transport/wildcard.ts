import { boundedTest } from '../python/bounded-regex.js'

/** Whether a pattern of `*` and `?` covers the whole text, as ssh matches host names: without regard to case. */
export const wildcard = (pattern: string, text: string): boolean => {
  const known = compiled.get(pattern) ?? compile(pattern)
  compiled.set(pattern, known)
  return boundedTest(known, text, pattern)
}

/** Each host of a fleet is held against each pattern of ssh's files. */
const compiled = new Map<string, RegExp>()

const compile = (pattern: string): RegExp => {
  const source = pattern
    .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'is')
}
