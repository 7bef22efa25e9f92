/**
 * Python's `re` with JavaScript's engine. Playbooks are written for Python's rules, and the two differ silently: `$`
 * before a final newline, `\Z`, `[]abc]`, `(?P<n>…)`, `{,3}`, the characters in `\w`. Source: Python 3 library
 * reference, «re — Regular expression operations».
 */

import { controls, type Flags, PythonRegexError, translate } from './regex-syntax.js'

export interface PythonRegexOptions {
  /** re.M: `^` and `$` match at every line. */
  readonly multiline?: boolean
  /** re.S: `.` also matches a newline. */
  readonly dotAll?: boolean
  /** re.I */
  readonly ignoreCase?: boolean
  /** re.X: white space and comments in the pattern are ignored. */
  readonly verbose?: boolean
  /** re.A, and patterns on bytes: `\w`, `\d` and `\b` are limited to ASCII. */
  readonly ascii?: boolean
}

export { PythonRegexError }

const written = new WeakMap<RegExp, string>()

/** The pattern as the user wrote it, for messages. */
export const patternAsWritten = (regex: RegExp): string => written.get(regex) ?? regex.source

/** Compiles a pattern, with flags `gu`, and `i` where asked for. @throws PythonRegexError */
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

/**
 * The replacement of a match, as in `re.sub`: `\1`, `\g<1>`, `\g<name>`, and the usual escapes. A group that did not
 * match is empty.
 */
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

/** `(?im)` is allowed at the start only, and applies to the whole pattern. */
const leadingFlags = (pattern: string, options: PythonRegexOptions): { rest: number; flags: Flags } => {
  const found = /^\(\?([aiLmsux]+)\)/.exec(pattern)
  const letters = found?.[1] ?? ''
  return {
    rest: found?.[0].length ?? 0,
    flags: {
      multiline: options.multiline === true || letters.includes('m'),
      dotAll: options.dotAll === true || letters.includes('s'),
      ignoreCase: options.ignoreCase === true || letters.includes('i'),
      verbose: options.verbose === true || letters.includes('x'),
      ascii: options.ascii === true || letters.includes('a'),
    },
  }
}
