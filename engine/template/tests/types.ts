import { Callable, Perhaps, Unknown, type Value } from '../../core/value.js'
import { isFloat, isInt, isList, isNumber, Opaque, OperationError, Undefined } from '../../python/kinds.js'
import { text, toNumber } from '../../python/text.js'
import type { TestTable } from '../contract.js'
import { toBool } from '../filters/basics.js'
import { shortName } from '../names.js'
import { test } from '../plugin.js'
import { not, type Truth, truth } from '../values/compare.js'
import { asInt } from '../values/convert.js'

const isUndefined = (value: Value): Truth =>
  value instanceof Perhaps ? value : (value as unknown) instanceof Undefined

const integer = test('', value => isInt(value) && typeof value !== 'boolean', 'shallow')

const iterable = (value: Value): boolean => typeof value === 'string' || isList(value) || value instanceof Map

const remainder = (value: Value, by: number): number => {
  if (!isNumber(value)) throw new OperationError('a number was expected')
  return ((toNumber(value) % by) + by) % by
}

const booleanWords = ['yes', 'on', '1', 'true', 't', 'y', 'no', 'off', '0', 'false', 'f', 'n']

/** `truthy(convert_bool=True)` reads words such as "no" as booleans. */
const truthy = (value: Value, convert: Value): ReturnType<typeof truth> => {
  const word = text(value).toLowerCase()
  if (truth(convert) !== true || !booleanWords.includes(word)) return truth(value)
  return word === 't' || word === 'y' ? true : word === 'f' || word === 'n' ? false : toBool(word)
}

export const types: TestTable = {
  defined: test('', value => not(isUndefined(value)), 'raw'),
  undefined: test('', isUndefined, 'raw'),
  none: test('', value => value === null, 'shallow'),
  boolean: test('', value => typeof value === 'boolean', 'shallow'),
  true: test('', value => value === true, 'shallow'),
  false: test('', value => value === false, 'shallow'),
  integer,
  float: test('', isFloat, 'shallow'),
  number: test('', isNumber, 'shallow'),
  string: test('', value => typeof value === 'string', 'shallow'),
  mapping: test('', value => value instanceof Map, 'shallow'),
  sequence: test('', iterable, 'shallow'),
  iterable: test('', iterable, 'shallow'),
  callable: test('', value => value instanceof Callable || (value as unknown) instanceof Opaque, 'shallow'),
  escaped: test('', () => false),
  odd: test('', value => remainder(value, 2) === 1),
  even: test('', value => remainder(value, 2) === 0),
  divisibleby: test('num', (value, [by = 1]) => {
    if (asInt(by, 'num') === 0) throw new OperationError('division by zero')
    return remainder(value, asInt(by, 'num')) === 0
  }),
  nan: test('', value => Number.isNaN(value)),
  isnan: test('', value => Number.isNaN(value)),
  lower: test('', value => /[\p{Lu}\p{Ll}]/u.test(text(value)) && text(value) === text(value).toLowerCase()),
  upper: test('', value => /[\p{Lu}\p{Ll}]/u.test(text(value)) && text(value) === text(value).toUpperCase()),
  truthy: test('convert_bool=false', (value, [convert = false]) => truthy(value, convert)),
  falsy: test('convert_bool=false', (value, [convert = false]) => {
    const answer = truthy(value, convert)
    return answer instanceof Unknown ? answer : !answer
  }),
  filter: test('', (value, _, { env }) => env.filters.has(shortName(text(value)))),
  test: test('', (value, _, { env }) => env.tests.has(shortName(text(value)))),
}
