import { didYouMean } from '../../config/did-you-mean.js'
import { ExpressionError } from '../../core/expr.js'
import { Secret, Unknown, type Value } from '../../core/value.js'
import { asValue, OperationError, Undefined } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { Call, Lookup, TemplateEnv } from '../contract.js'
import { shortName } from '../names.js'
import { secret } from '../values/arithmetic.js'
import { truth } from '../values/compare.js'
import { newScan, reveal, scan } from '../values/scan.js'

/** @throws OperationError */
export const findLookup = ({ lookups }: TemplateEnv, name: string): Lookup => {
  const found = lookups.get(shortName(name))
  if (found !== undefined) return found
  throw new OperationError(`there is no lookup '${name}'`, 'lookup', didYouMean(shortName(name), lookups.keys()))
}

/**
 * `lookup(name, …)` and `query(name, …)`: a lookup gives a list; `lookup` joins it with commas (one item is itself),
 * `query` and `wantlist=True` leave the list. @throws OperationError
 */
export const lookUp = (
  name: string,
  terms: readonly Value[],
  named: ReadonlyMap<string, Value>,
  call: Call,
  wantsList: boolean,
): Value => {
  const lookup = findLookup(call.env, name)
  const found = newScan(call.budget)
  for (const one of [...terms, ...named.values()]) {
    if ((one as unknown) instanceof Undefined) return one
    scan(one, found)
  }
  if (found.unknown !== undefined) return found.unknown
  const options = new Map([...named].map(([key, value]) => [key, found.secret ? reveal(value) : value]))
  const asList = wantsList || truth(options.get('wantlist') ?? false) === true
  const ignores = options.get('errors')
  options.delete('wantlist')
  options.delete('errors')
  const given = found.secret ? terms.map(reveal) : terms
  const answer = guarded(() => lookup.run(given, options, call), name, ignores, call)
  if (answer instanceof Unknown) return answer
  const value = asList ? answer : answer === ignored ? null : single(answer)
  return found.secret ? secret(value) : value
}

/** What stands for a lookup that failed and was told to ignore it. */
const ignored: readonly Value[] = []

const guarded = (
  run: () => readonly Value[] | Unknown,
  name: string,
  errors: Value | undefined,
  { source }: Call,
): readonly Value[] | Unknown => {
  try {
    return run()
  } catch (error) {
    if (errors === 'ignore' || errors === 'warn') return ignored
    if (error instanceof ExpressionError && error.code === 'undefined') {
      return [asValue(new Undefined(() => error, name))]
    }
    if (error instanceof OperationError || error instanceof ExpressionError) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new ExpressionError(`the lookup '${name}' failed: ${message}`, source, undefined, 'lookup')
  }
}

/** Ansible joins what `lookup` found, if all of it is text. */
const single = (list: readonly Value[]): Value => {
  if (list.length === 0) return []
  const [only = null] = list
  if (list.length === 1) return only
  const parts = list.map(one => (one instanceof Secret ? one.reveal() : one))
  if (!parts.every(part => typeof part === 'string')) return list
  const joined = parts.map(text).join(',')
  return list.some(one => one instanceof Secret) ? new Secret(joined) : joined
}
