import type { Value } from '../../core/value.js'
import { OperationError, Tuple } from '../../python/kinds.js'
import { expandReplacement } from '../../python/regex.js'
import { text } from '../../python/text.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { truth } from '../values/compare.js'
import { asInt, asText } from '../values/convert.js'
import { compilePattern, matches, reportingBadPattern } from '../values/patterns.js'

const yes = (value: Value): boolean => truth(value) === true

/** The pattern of a filter or test, with Ansible's arguments `ignorecase` and `multiline`. */
export const patternOf = (pattern: Value, ignoreCase: Value, multiline: Value): RegExp =>
  compilePattern(asText(pattern, 'the pattern'), { ignoreCase: yes(ignoreCase), multiline: yes(multiline) })

const replace = filter(
  'pattern="" replacement="" ignorecase=false multiline=false count=0 mandatory_count=0',
  (
    value,
    [pattern = '', replacement = '', ignoreCase = false, multiline = false, count = 0, mandatory = 0],
    { budget },
  ) => {
    const given = text(value)
    const limit = asInt(count, 'count') || Number.POSITIVE_INFINITY
    const found = matches(patternOf(pattern, ignoreCase, multiline), given, limit)
    const wanted = asInt(mandatory, 'mandatory_count')
    if (wanted !== 0 && wanted !== found.length) {
      throw new OperationError(`the pattern was to match ${wanted} times, and matches ${found.length} times`)
    }
    const by = asText(replacement, 'the replacement')
    const out: string[] = []
    let at = 0
    for (const match of found) {
      const piece = given.slice(at, match.index) + reportingBadPattern(() => expandReplacement(by, match))
      budget.grow(piece.length)
      out.push(piece)
      at = match.index + match[0].length
    }
    return out.join('') + given.slice(at)
  },
)

const findAll = filter(
  'regex multiline=false ignorecase=false',
  (value, [pattern = '', multiline = false, ignoreCase = false]) =>
    matches(patternOf(pattern, ignoreCase, multiline), text(value)).map(match => {
      const groups = match.slice(1).map(group => group ?? '')
      return groups.length > 1 ? Tuple.of2(...groups) : (groups[0] ?? match[0])
    }),
)

/** The match, or the groups that `\\1` and `\\g<name>` name; None where there is no match. */
const search = filter('regex *groups **named', (value, [pattern = '', groups = [], named = null]) => {
  const options = named as ReadonlyMap<string, Value> & Value
  const regex = patternOf(pattern, options.get('ignorecase') ?? false, options.get('multiline') ?? false)
  const [match] = matches(regex, text(value), 1)
  if (match === undefined) return null
  const wanted = groups as readonly Value[]
  return wanted.length === 0 ? match[0] : wanted.map(one => groupOf(match, asText(one, 'a group')))
})

const groupOf = (match: RegExpExecArray, reference: string): Value => {
  const name = /^\\(?:g<([^>]+)>|(\d+))/.exec(reference)
  const key = name?.[1] ?? name?.[2]
  if (key === undefined)
    throw new OperationError(`'${reference}' is not a group`, 'type', "write '\\\\1' or '\\\\g<name>'")
  const known = /^\d+$/.test(key) ? Number(key) < match.length : key in (match.groups ?? {})
  if (!known) throw new OperationError(`the pattern has no group '${key}'`)
  return (/^\d+$/.test(key) ? match[Number(key)] : match.groups?.[key]) ?? null
}

const escaping = filter('re_type="python"', (value, [type = 'python']) => {
  const given = text(value)
  if (type === 'python') return given.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&')
  if (type === 'posix_basic') return given.replace(/[\].[^$*\\]/g, '\\$&')
  throw new OperationError(`regex_escape knows python and posix_basic, not '${text(type)}'`)
})

export const regex: FilterTable = {
  regex_replace: replace,
  regex_search: search,
  regex_findall: findAll,
  regex_escape: escaping,
}
