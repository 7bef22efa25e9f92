import { ExpressionError } from '../core/expr.js'
import { type Key, Unknown, type Value } from '../core/value.js'
import { asKey, asValue, aType, isInt, OperationError, omit, Undefined } from '../python/kinds.js'
import { lookUp } from './lookups/look-up.js'
import { BuiltIn, type BuiltInRun } from './values/built-in.js'
import { truth } from './values/compare.js'
import { asText } from './values/convert.js'
import { DateTime } from './values/datetime.js'
import { markOwned } from './values/method-table.js'
import { Cycler, Joiner, Namespace } from './values/namespace.js'
import { knownItems } from './values/sequence.js'
import { signature } from './values/signature.js'

const strict = (name: string, run: BuiltInRun): Value => asValue(new BuiltIn(name, false, run))
const lenient = (name: string, run: BuiltInRun): Value => asValue(new BuiltIn(name, true, run))

const range: BuiltInRun = (args, _, { budget }) => {
  const bounds = args.map(arg => {
    if (!isInt(arg))
      throw new OperationError(`range() goes from int to int, not ${aType(arg)}`, 'type', 'convert it with | int')
    return Number(arg)
  })
  const [start = 0, stop = 0, step = 1] = bounds.length === 1 ? [0, ...bounds] : bounds
  if (bounds.length === 0 || bounds.length > 3) throw new OperationError('range() takes 1 to 3 numbers')
  if (step === 0) throw new OperationError('range() cannot go in steps of 0')
  const length = Math.max(0, Math.ceil((stop - start) / step))
  budget.grow(length * 8)
  return Array.from({ length }, (__, index) => start + index * step)
}

const dict: BuiltInRun = ([first = null], named, { budget }) => {
  const made = new Map<Key, Value>()
  if (first instanceof Unknown) return first
  if (first instanceof Map) for (const [key, value] of first) made.set(key, value)
  else if (first !== null) {
    const pairs = knownItems(first)
    budget.step(pairs.length)
    for (const pair of pairs) made.set(asKey(knownItems(pair)[0] ?? null), knownItems(pair)[1] ?? null)
  }
  for (const [key, value] of named) made.set(key, value)
  return markOwned(made)
}

const nowParameters = signature('utc=false fmt=null')

const now: BuiltInRun = (args, named, { env, budget }) => {
  const [utc = false, format = null] = nowParameters.bind(args, named, 'now()')
  const moment = DateTime.now(env.now(), truth(utc) === true)
  return format === null ? asValue(moment) : moment.format(asText(format, 'fmt'), budget)
}

const undef: BuiltInRun = ([hint = null], named, { source }) => {
  const said = named.get('hint') ?? hint
  const message = typeof said === 'string' ? said : 'a mandatory variable has not been set'
  return asValue(new Undefined(() => new ExpressionError(message, source, undefined, 'undefined'), ''))
}

const lookup =
  (wantsList: boolean): BuiltInRun =>
  ([name = null, ...terms], named, call) =>
    lookUp(asText(name, "the lookup's name"), terms, named, call, wantsList)

/** Functions and values that every template has beside its variables. */
export const globals: { readonly [name: string]: Value } = {
  range: strict('range', range),
  dict: lenient('dict', dict),
  namespace: lenient('namespace', (args, named, call) => {
    const values = dict(args, named, call)
    if (values instanceof Unknown) return values
    return asValue(new Namespace(new Map([...(values as Map<Key, Value>)].map(([key, value]) => [String(key), value]))))
  }),
  cycler: lenient('cycler', args => asValue(new Cycler(args))),
  joiner: lenient('joiner', ([separator = ', ']) => asValue(new Joiner(separator))),
  now: strict('now', now),
  undef: strict('undef', undef),
  lookup: lenient('lookup', lookup(false)),
  query: lenient('query', lookup(true)),
  q: lenient('q', lookup(true)),
  omit,
}
