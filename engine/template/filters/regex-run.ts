import { createContext, runInContext } from 'node:vm'
import { PythonRegexError, type PythonRegexOptions, pythonRegex } from '../../core/python-re.js'
import { OperationError } from '../values/kinds.js'

const TIME = 1_000
const SHORT = 2_000

const compiled = new Map<string, RegExp>()

/** A Python pattern compiled, or taken from the cache. @throws OperationError */
export const compilePattern = (pattern: string, options: PythonRegexOptions = {}): RegExp => {
  const key = `${options.ignoreCase === true ? 'i' : ''}${options.multiline === true ? 'm' : ''}/${pattern}`
  const known = compiled.get(key)
  if (known !== undefined) return known
  if (compiled.size > 1_000) compiled.clear()
  const regex = unlessBad(() => pythonRegex(pattern, options))
  compiled.set(key, regex)
  return regex
}

export const unlessBad = <T>(run: () => T): T => {
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
  bounded(regex, text, () => {
    const found: RegExpExecArray[] = []
    regex.lastIndex = 0
    for (let match = regex.exec(text); match !== null && found.length < limit; match = regex.exec(text)) {
      found.push(match)
      if (match[0] === '') regex.lastIndex += (text.codePointAt(regex.lastIndex) ?? 0) > 0xffff ? 2 : 1
    }
    return found
  })

/** A group that repeats and itself holds a repetition or a choice, or two unbounded repetitions over a long text. */
const mayExplode = (regex: RegExp, text: string): boolean =>
  /\((?:[^()\\]|\\.)*(?:[*+|{]|\))(?:[^()\\]|\\.)*\)[*+{]/.test(regex.source) ||
  (text.length > SHORT && (regex.source.match(/[*+]|\{\d+,\}/g)?.length ?? 0) > 1)

const sandbox = createContext({ work: undefined as (() => unknown) | undefined })

/** JavaScript cannot end a search that backtracks without end, but the machine that runs a script can. */
const bounded = <T>(regex: RegExp, text: string, work: () => T): T => {
  if (!mayExplode(regex, text)) return work()
  sandbox['work'] = work
  try {
    return runInContext('work()', sandbox, { timeout: TIME }) as T
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new OperationError(
      `the regular expression «${regex.source}» takes more than ${TIME / 1000} s on this text`,
      'budget',
      'repetitions inside of repetitions make it try too many ways',
    )
  } finally {
    sandbox['work'] = undefined
  }
}
