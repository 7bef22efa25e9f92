import { Unknown, type Value } from '../../core/value.js'
import { isList, OperationError, Tuple } from '../../python/kinds.js'
import type { Lookup } from '../contract.js'
import { attribute } from '../values/access.js'
import { truth } from '../values/compare.js'
import { asText } from '../values/convert.js'
import { items } from '../values/sequence.js'

const all = (value: Value): readonly Value[] => {
  const list = items(value)
  if (list instanceof Unknown) throw new OperationError(`not known yet: ${list.waitsFor}`, 'lookup')
  return list
}

/** Pairs of an element and one item of the list at a path inside that element. */
export const subelements: Lookup['run'] = ([first = null, path = '', flags]) => {
  const given = first instanceof Map ? [...first.values()] : all(first)
  const skips = flags instanceof Map && truth(flags.get('skip_missing') ?? false) === true
  const steps = asText(path, 'the path of subelements').split('.')
  return given.flatMap(element => {
    let inner: Value | undefined = element
    for (const step of steps)
      inner = inner === undefined ? undefined : inner instanceof Map ? inner.get(step) : attribute(inner, step)
    if (inner === undefined && skips) return []
    if (inner === undefined || !isList(inner))
      throw new OperationError(`subelements: there is no list under '${path}'`, 'lookup')
    return inner.map(one => Tuple.of2(element, one))
  })
}
