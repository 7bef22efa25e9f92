import { bounded, PatternTooSlow, slowHint } from '../../python/bounded-regex.js'
import { OperationError } from '../../python/kinds.js'
import { PythonRegexError, type PythonRegexOptions, pythonRegex } from '../../python/regex.js'

const compiled = new Map<string, RegExp>()

/** Compiles a pattern in Python's syntax, or takes it from the cache. @throws OperationError where the pattern is not valid */
export const compilePattern = (pattern: string, options: PythonRegexOptions = {}): RegExp => {
  const key = `${options.ignoreCase === true ? 'i' : ''}${options.multiline === true ? 'm' : ''}/${pattern}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  if (compiled.size > 1_000) compiled.clear()
  const regex = reportingBadPattern(() => pythonRegex(pattern, options))
  compiled.set(key, regex)
  return regex
}

/** Turns the error of an invalid pattern into an OperationError. */
export const reportingBadPattern = <T>(run: () => T): T => {
  try {
    return run()
  } catch (error) {
    if (error instanceof PythonRegexError)
      throw new OperationError(`the regular expression is not valid: ${error.message}`)
    throw error
  }
}

/** Up to `limit` matches, from left to right. @throws OperationError 'budget' where the search takes far too long. */
export const matches = (regex: RegExp, text: string, limit = Number.POSITIVE_INFINITY): readonly RegExpExecArray[] =>
  withinTimeLimit(regex, [text], () => {
    const found: RegExpExecArray[] = []
    regex.lastIndex = 0
    for (let match = regex.exec(text); match !== null && found.length < limit; match = regex.exec(text)) {
      found.push(match)
      if (match[0] === '') regex.lastIndex += (text.codePointAt(regex.lastIndex) ?? 0) > 0xffff ? 2 : 1
    }
    return found
  })

/** Runs `work`, which applies the pattern to the texts, under a limit of time. @throws OperationError 'budget' */
export const withinTimeLimit = <T>(regex: RegExp, texts: readonly string[], work: () => T): T => {
  try {
    return bounded(regex, texts, work)
  } catch (error) {
    if (!(error instanceof PatternTooSlow)) throw error
    throw new OperationError(error.message, 'budget', slowHint)
  }
}
