import { Unknown, type Value } from '../../core/value.js'
import { isList, OperationError, Tuple } from '../../python/kinds.js'
import { formatPercent } from '../../python/percent-format.js'
import { parseIntText } from '../../python/text.js'
import { product } from '../filters/combinatorics.js'
import type { Lookup } from '../plugin.js'
import { attribute } from '../values/access.js'
import { truth } from '../values/compare.js'
import { asDict, asInt, asText } from '../values/convert.js'
import { compilePattern, inTime } from '../values/patterns.js'
import { items } from '../values/sequence.js'

type Run = Lookup['run']

const all = (value: Value): readonly Value[] => {
  const list = items(value)
  if (list instanceof Unknown) throw new OperationError(`not known yet: ${list.waitsFor}`, 'lookup')
  return list
}

const lists = (terms: readonly Value[]): readonly (readonly Value[])[] =>
  terms.map(term => (isList(term) ? term : [term]))

const dictItems: Run = terms =>
  terms
    .flatMap(term => (isList(term) ? term : [term]))
    .flatMap(term => [...asDict(term, "a term of the lookup 'dict'")])
    .map(
      ([key, value]) =>
        new Map<string, Value>([
          ['key', key],
          ['value', value],
        ]),
    )

const together: Run = (terms, _, call) => {
  const given = lists(terms)
  if (given.length === 0) throw new OperationError('with_together needs at least one list', 'lookup')
  const length = Math.max(...given.map(list => list.length))
  call.budget.grow(length * given.length * 8)
  return Array.from({ length }, (__, index) => given.map(list => list[index] ?? null))
}

const flat = (terms: readonly Value[]): readonly Value[] =>
  terms.flatMap(term => (isList(term) ? flat(term) : term === null || term === 'None' || term === 'null' ? [] : [term]))

const subelements: Run = ([first = null, path = '', flags]) => {
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

/** `start=1 end=5 stride=2 format=host%02d`, `5`, `1-5/2:host%02d` */
const sequence: Run = (terms, named, { budget }) =>
  (terms.length === 0 ? [''] : terms).flatMap(term => {
    const given = new Map<string, Value>(named)
    const line = typeof term === 'string' ? term : String(asInt(term, 'the sequence'))
    const short = /^(?:(0?x?[0-9a-f]+)\s*-\s*)?(0?x?[0-9a-f]+)(?:\s*\/\s*(-?\w+))?(?::(.+))?$/i.exec(line.trim())
    if (short !== null) {
      for (const [index, name] of ['start', 'end', 'stride', 'format'].entries()) {
        const part = short[index + 1]
        if (part !== undefined) given.set(name, part)
      }
    } else for (const [, name = '', value = ''] of line.matchAll(/(\w+)=(\S+)/g)) given.set(name, value)
    const number = (name: string): number | undefined => {
      const value = given.get(name)
      return value === undefined
        ? undefined
        : typeof value === 'string'
          ? Number(parseIntText(value, 0))
          : asInt(value, name)
    }
    const start = number('start') ?? 1
    const count = number('count')
    const stride = number('stride') ?? 1
    const end = count === undefined ? number('end') : start + (count - 1) * stride
    if (end === undefined) throw new OperationError('a sequence needs an end or a count', 'lookup')
    if (count === 0) return []
    if (stride === 0 || (end - start) * stride < 0)
      throw new OperationError(`a sequence from ${start} to ${end} cannot go by ${stride}`, 'lookup')
    const length = Math.floor((end - start) / stride) + 1
    budget.grow(length * 16)
    const format = given.get('format')
    return Array.from({ length }, (_, index) => {
      const value = start + index * stride
      return format === undefined ? String(value) : formatPercent(asText(format, 'format'), value)
    })
  })

const vars: Run = (terms, named, { scope }) =>
  terms.map(term => {
    const name = asText(term, 'the name of a variable')
    const bound = scope.get(name)
    const found = bound === undefined ? named.get('default') : bound
    if (found === undefined) throw new OperationError(`there is no variable '${name}'`, 'undefined')
    return found
  })

const varnames: Run = (terms, _, { scope, budget }) => {
  budget.step(100)
  const patterns = terms.map(term => compilePattern(asText(term, 'the pattern')))
  const names = [...new Set(scope.names())]
  const found = patterns.flatMap(pattern =>
    inTime(pattern, names, () => names.filter(name => name.search(pattern) !== -1)),
  )
  return [...new Set(found)].sort()
}

const lookup = (run: Run): Lookup => ({ run })

/** Lookups that need nothing of the controller. Those that do are handed to the environment. */
export const lookups: { readonly [name: string]: Lookup } = {
  items: lookup(terms => terms.flatMap(term => (isList(term) ? term : [term]))),
  list: lookup(terms => terms),
  dict: lookup(dictItems),
  indexed_items: lookup(terms =>
    terms.flatMap(term => (isList(term) ? term : [term])).map((one, index) => Tuple.of2(index, one)),
  ),
  nested: lookup((terms, _, call) => product(lists(terms), call.budget)),
  cartesian: lookup((terms, _, call) => product(lists(terms), call.budget)),
  together: lookup(together),
  flattened: lookup(flat),
  subelements: lookup(subelements),
  sequence: lookup(sequence),
  random_choice: lookup(terms =>
    terms.length === 0 ? terms : [terms[Math.floor(Math.random() * terms.length)] ?? null],
  ),
  vars: lookup(vars),
  varnames: lookup(varnames),
}
