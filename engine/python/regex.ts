/**
 * Python's `re` in terms of JavaScript's: playbooks are written to Python's rules, and where the two differ they differ silently
 * (`$` and a last newline, `\Z`, `[]abc]`, `(?P<n>…)`, `{,3}`, what `\w` holds).
 * Source: Python 3 library reference, «re — Regular expression operations».
 */

import { controls, type Flags, PythonRegexError, translate } from './regex-syntax.js'

export interface PythonRegexOptions {
  /** re.M: `^` and `$` at every line. */
  readonly multiline?: boolean
  /** re.S: `.` also matches a newline. */
  readonly dotAll?: boolean
  /** re.I */
  readonly ignoreCase?: boolean
  /** re.X: white space and comments in the pattern do not count. */
  readonly verbose?: boolean
  /** re.A, and what patterns on bytes mean: `\w`, `\d`, `\b` know ASCII only. */
  readonly ascii?: boolean
}

export { PythonRegexError }

const written = new WeakMap<RegExp, string>()

/** The pattern as its author wrote it, for messages. */
export const patternAsWritten = (regex: RegExp): string => written.get(regex) ?? regex.source

/** A compiled pattern: flags `gu`, and `i` where asked for. @throws PythonRegexError */
export const pythonRegex = (pattern: string, options: PythonRegexOptions = {}): RegExp => {
  const { rest, flags } = leadingFlags(pattern, options)
  const source = translate(pattern, rest, flags)
  try {
    const made = new RegExp(source, flags.ignoreCase ? 'giu' : 'gu')
    written.set(made, pattern)
    return made
  } catch (error) {
    throw new PythonRegexError(error instanceof Error ? error.message : String(error), 0)
  }
}

/** What `re.sub` puts in place of a match: `\1`, `\g<1>`, `\g<name>`, and the usual escapes. A group without a part is empty. */
export const expandReplacement = (replacement: string, match: RegExpExecArray | RegExpMatchArray): string =>
  replacement.replace(
    /\\(?:g<([^>]*)>|(0[0-7]{0,2}|[1-3][0-7]{2})|([1-9]\d?)|([\s\S]))/g,
    (whole, named: string, octal, group, escaped) => {
      if (named !== undefined) return groupText(match, named)
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      if (group !== undefined) return groupText(match, group)
      if (/[A-Za-z]/.test(escaped) && controls[escaped] === undefined) {
        throw new PythonRegexError(`bad escape ${whole} in the replacement`, 0)
      }
      return controls[escaped] ?? (escaped === '\\' ? '\\' : whole)
    },
  )

const groupText = (match: RegExpExecArray | RegExpMatchArray, name: string): string => {
  const index = /^\d+$/.test(name) ? Number(name) : undefined
  const known = index === undefined ? Object.hasOwn(match.groups ?? {}, name) : index < match.length
  if (!known) throw new PythonRegexError(`invalid group reference '${name}' in the replacement`, 0)
  return (index === undefined ? match.groups?.[name] : match[index]) ?? ''
}

/** `(?im)` may stand at the start only, and holds for the whole pattern. */
const leadingFlags = (pattern: string, given: PythonRegexOptions): { rest: number; flags: Flags } => {
  const found = /^\(\?([aiLmsux]+)\)/.exec(pattern)
  const letters = found?.[1] ?? ''
  return {
    rest: found?.[0].length ?? 0,
    flags: {
      multiline: given.multiline === true || letters.includes('m'),
      dotAll: given.dotAll === true || letters.includes('s'),
      ignoreCase: given.ignoreCase === true || letters.includes('i'),
      verbose: given.verbose === true || letters.includes('x'),
      ascii: given.ascii === true || letters.includes('a'),
    },
  }
}
