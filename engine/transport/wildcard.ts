import { boundedTest } from '../python/bounded-regex.js'

/** Whether a pattern with `*` and `?` matches the whole text, ignoring case, as ssh matches host names. */
export const wildcard = (pattern: string, text: string): boolean => {
  const known = compiled.get(pattern) ?? compile(pattern)
  compiled.set(pattern, known)
  return boundedTest(known, text, pattern)
}

/** Compiled patterns: each host is matched against each pattern in ssh's files. */
const compiled = new Map<string, RegExp>()

const compile = (pattern: string): RegExp => {
  const source = pattern
    .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'is')
}
