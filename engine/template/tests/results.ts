import { type Dict, PartDict, type Value } from '../../core/value.js'
import { aType, isList, OperationError } from '../../python/kinds.js'
import type { Test, TestTable } from '../contract.js'
import { test } from '../plugin.js'
import { not, type Truth, truth } from '../values/compare.js'

/** The registered result of a task. @throws OperationError for any other value */
const result = (value: Value, name: string): Dict => {
  if (value instanceof Map) return value
  throw new OperationError(`the test '${name}' looks at what a task registered, not at ${aType(value)}`)
}

const flag = (value: Value, name: string, key: string): Truth => {
  const held = result(value, name)
  const found = held.get(key)
  if (found !== undefined) return truth(found)
  return (held instanceof PartDict ? held.restAt(key) : undefined) ?? false
}

const reads = (name: string, key = name): Test => test('', value => flag(value, name, key), 'shallow')

const failed = reads('failed')
const succeeded = test('', value => not(flag(value, 'succeeded', 'failed')), 'shallow')
const skipped = reads('skipped')

/** The result of a loop is changed if that of one of its items is. */
const changed = test(
  '',
  value => {
    const held = result(value, 'changed')
    const said = held.get('changed')
    if (said !== undefined) return truth(said)
    if (held instanceof PartDict) return held.rest
    const each = held.get('results')
    if (each === undefined || !isList(each)) return false
    return each.some(one => one instanceof Map && truth(one.get('changed') ?? false) === true)
  },
  'shallow',
)

/** A task that is not asynchronous has started and finished: its result has neither key. */
const startedOrFinished = (key: string): Test =>
  test('', value => truth(result(value, key).get(key) ?? true), 'shallow')

export const results: TestTable = {
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  changed,
  change: changed,
  skipped,
  skip: skipped,
  unreachable: reads('unreachable'),
  reachable: test('', value => not(flag(value, 'reachable', 'unreachable')), 'shallow'),
  started: startedOrFinished('started'),
  finished: startedOrFinished('finished'),
  timedout: test(
    '',
    value => {
      const held = result(value, 'timedout').get('timedout')
      return held instanceof Map && truth(held.get('period') ?? false) === true
    },
    'shallow',
  ),
}
