import type { Value } from '../../core/value.js'
import { OperationError } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { Test, TestTable } from '../contract.js'
import { splitUrl } from '../filters/encoding.js'
import { patternOf } from '../filters/regex.js'
import { test } from '../plugin.js'
import { matches } from '../values/patterns.js'
import { knownItems } from '../values/sequence.js'

/** `search` looks anywhere, `match` at the start of the text, `fullmatch` at the whole text. */
const matching = (value: Value, pattern: Value, ignoreCase: Value, multiline: Value, how: string): boolean => {
  const regex = patternOf(pattern, ignoreCase, multiline)
  const given = text(value)
  if (how === 'search') return matches(regex, given, 1).length > 0
  if (how !== 'match' && how !== 'fullmatch')
    throw new OperationError(`match_type is search, match or fullmatch, not '${how}'`)
  return matches(anchored(regex, how), given, 1).length > 0
}

const anchors = { match: new WeakMap<RegExp, RegExp>(), fullmatch: new WeakMap<RegExp, RegExp>() }

/** The same pattern, anchored to the start of the text or to the whole text. */
const anchored = (regex: RegExp, how: 'match' | 'fullmatch'): RegExp => {
  const known = anchors[how].get(regex)
  if (known !== undefined) return known
  const end = how === 'fullmatch' ? '(?![\\s\\S])' : ''
  const made = new RegExp(`(?<![\\s\\S])(?:${regex.source})${end}`, regex.flags)
  anchors[how].set(regex, made)
  return made
}

const pattern = (how: string): Test =>
  test('pattern="" ignorecase=false multiline=false', (value, [wanted = '', ignoreCase = false, multiline = false]) =>
    matching(value, wanted, ignoreCase, multiline, how))

const isUrl = (value: Value, schemes: Value, needsHost: boolean): boolean => {
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
  uri: test('schemes=null', (value, [schemes = null]) => isUrl(value, schemes, false)),
  url: test('schemes=null', (value, [schemes = null]) => isUrl(value, schemes, true)),
  urn: test('', value => isUrl(value, ['urn'], false)),
}
