import type { Value } from '../../core/value.js'
import { splitUrl } from '../filters/encoding.js'
import { patternOf } from '../filters/regex.js'
import { matches } from '../filters/regex-run.js'
import { type Test, type TestTable, test } from '../plugin.js'
import { OperationError } from '../values/kinds.js'
import { knownItems } from '../values/sequence.js'
import { text } from '../values/text.js'

/** `match` holds at the start of the text only, `fullmatch` for all of it. */
const matching = (value: Value, pattern: Value, ignoreCase: Value, multiline: Value, how: string): boolean => {
  const regex = patternOf(pattern, ignoreCase, multiline)
  const given = text(value)
  if (how === 'search') return matches(regex, given, 1).length > 0
  if (how !== 'match' && how !== 'fullmatch')
    throw new OperationError(`match_type is search, match or fullmatch, not '${how}'`)
  const whole = how === 'fullmatch' ? `(?:${regex.source})(?![\\s\\S])` : `(?:${regex.source})`
  return matches(new RegExp(`(?<![\\s\\S])${whole}`, regex.flags), given, 1).length > 0
}

const pattern = (how: string): Test =>
  test('pattern="" ignorecase=false multiline=false', (value, [wanted = '', ignoreCase = false, multiline = false]) =>
    matching(value, wanted, ignoreCase, multiline, how))

const address = (value: Value, schemes: Value, needsHost: boolean): boolean => {
  if (typeof value !== 'string') return false
  const parts = splitUrl(value)
  const scheme = text(parts.get('scheme') ?? '')
  if (schemes !== null && !knownItems(schemes).map(text).includes(scheme)) return false
  return !needsHost || parts.get('netloc') !== '' || scheme === 'file'
}

export const regexes: TestTable = {
  match: pattern('match'),
  search: pattern('search'),
  regex: test('pattern="" ignorecase=false multiline=false match_type="search"', (value, [
    wanted = '',
    ignoreCase = false,
    multiline = false,
    how = 'search',
  ]) => matching(value, wanted, ignoreCase, multiline, text(how))),
  uri: test('schemes=null', (value, [schemes = null]) => address(value, schemes, false)),
  url: test('schemes=null', (value, [schemes = null]) => address(value, schemes, true)),
  urn: test('', value => address(value, ['urn'], false)),
}
