import { didYouMean } from '../../config/did-you-mean.js'
import { ExpressionError } from '../../core/expr.js'
import { Secret, Unknown, type Value } from '../../core/value.js'
import { asValue, OperationError, Undefined } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { Call, Lookup, TemplateEnv } from '../contract.js'
import { shortName } from '../names.js'
import { asSecret } from '../values/arithmetic.js'
import { truth } from '../values/compare.js'
import { newScan, reveal, scan } from '../values/scan.js'

/** A lookup by its short or full name. @throws OperationError where there is none */
export const findLookup = ({ lookups }: TemplateEnv, name: string): Lookup => {
  const found = lookups.get(shortName(name))
  if (found !== undefined) return found
  throw new OperationError(`there is no lookup '${name}'`, 'lookup', didYouMean(shortName(name), lookups.keys()))
}

/**
 * `lookup(name, …)` and `query(name, …)`. A lookup finds a list. `lookup` joins its items with commas, or returns the only one; `query`
 * and `wantlist=True` return the list. @throws OperationError
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
  const answer = runLookup(() => lookup.run(given, options, call), name, ignores, call)
  if (answer instanceof Unknown) return answer
  const value = asList ? answer : answer === ignored ? null : joinedIfText(answer)
  return found.secret ? asSecret(value) : value
}

/** The result of a lookup that failed under `errors='ignore'`; told from an empty list by identity. */
const ignored: readonly Value[] = []

const runLookup = (
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

/** Ansible joins what `lookup` found if all items are text. */
const joinedIfText = (list: readonly Value[]): Value => {
  if (list.length === 0) return []
  const [only = null] = list
  if (list.length === 1) return only
  const parts = list.map(one => (one instanceof Secret ? one.reveal() : one))
  if (!parts.every(part => typeof part === 'string')) return list
  const joined = parts.map(text).join(',')
  return list.some(one => one instanceof Secret) ? new Secret(joined) : joined
}
