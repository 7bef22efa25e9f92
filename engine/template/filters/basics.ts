import { ExpressionError } from '../../core/expr.js'
import { Secret, Unknown, Unsafe, type Value } from '../../core/value.js'
import { aType, isInt, isNumber, OperationError, typeName, Undefined } from '../../python/kinds.js'
import { repr, text, toNumber } from '../../python/text.js'
import type { FilterTable } from '../contract.js'
import { filter, skimming } from '../plugin.js'
import { attribute, orElse } from '../values/access.js'
import { truth } from '../values/compare.js'
import { asText } from '../values/convert.js'

const isUndefined = (value: Value): boolean => (value as unknown) instanceof Undefined

/** `default(fallback, true)` also replaces what is false. */
const orDefault = filter(
  'default_value="" boolean=false',
  (value, [fallback = '', boolean = false]) => {
    if (isUndefined(value)) return fallback
    if (truth(boolean) !== true) return value
    const decision = truth(value)
    return decision === false ? fallback : decision === true ? value : decision
  },
  'raw',
)

const mandatory = filter(
  'msg=null',
  (value, [message = null], { source }) => {
    const inner = value as unknown
    if (!(inner instanceof Undefined)) return value
    if (message !== null) throw new ExpressionError(text(message), source, undefined, 'undefined')
    throw new OperationError(`the mandatory variable '${inner.name}' is not defined`, 'undefined')
  },
  'raw',
)

/** The words that `bool` reads; any other value is true if it equals 1, as in Ansible. */
const words: { readonly [word: string]: boolean } = {
  yes: true,
  on: true,
  true: true,
  '1': true,
  no: false,
  off: false,
  false: false,
  '0': false,
}

export const toBool = (value: Value): boolean => {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : isInt(value) ? String(value) : undefined
  return word !== undefined && Object.hasOwn(words, word)
    ? (words[word] ?? false)
    : isNumber(value) && toNumber(value) === 1
}

export const basics: FilterTable = {
  default: orDefault,
  d: orDefault,
  mandatory,
  bool: skimming(filter('', toBool)),
  string: skimming(filter('', value => (value instanceof Unsafe ? value.text : text(value)))),
  ternary: filter(
    'true_val false_val none_val=null',
    (value, [yes = null, no = null, none = null]) => {
      if (value === null && none !== null) return none
      const decision = truth(value instanceof Secret ? value.reveal() : value)
      return decision instanceof Unknown ? decision : decision ? yes : no
    },
    'raw',
  ),
  type_debug: filter(
    '',
    value => (value instanceof Unknown ? value : typeName(value instanceof Secret ? value.reveal() : value)),
    'raw',
  ),
  attr: filter(
    'name',
    (value, [name = ''], call) =>
      orElse(attribute(value, asText(name, 'the name')), () =>
        call.undefined(`${aType(value)} has no attribute '${text(name)}'`),
      ),
    'shallow',
  ),
  pprint: filter('', value => repr(value)),
}
