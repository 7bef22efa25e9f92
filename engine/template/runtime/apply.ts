import { didYouMean } from '../../config/did-you-mean.js'
import { Secret, Unknown, type Value } from '../../core/value.js'
import { OperationError, rejectUndefined, Undefined, UnknownSignal } from '../../python/kinds.js'
import type { Call, Filter, Reach, TemplateEnv, Test } from '../contract.js'
import { shortName } from '../names.js'
import { undefinedFrom } from '../values/access.js'
import { secret } from '../values/arithmetic.js'
import type { Truth } from '../values/compare.js'
import { newScan, reveal, type Scan, scan } from '../values/scan.js'

/** Filters that Ansible's collections have and this engine does not, with what to do instead. */
const notOffered: ReadonlyMap<string, string> = new Map([
  ['json_query', 'use selectattr, map(attribute=…) and items2dict, which say the same'],
  ['vault', 'give secrets by -e @FILE instead: vault is not read yet'],
  ['unvault', 'give secrets by -e @FILE instead: vault is not read yet'],
])

export const findFilter = (env: TemplateEnv, name: string): Filter => {
  const found = env.filters.get(name) ?? env.filters.get(shortName(name))
  if (found !== undefined) return found
  const instead = notOffered.get(shortName(name))
  if (instead !== undefined) throw new OperationError(`the filter '${name}' is not offered`, 'type', instead)
  throw new OperationError(
    `there is no filter '${name}'`,
    'type',
    didYouMean(shortName(name), env.filters.keys()) ?? noPlugins('filters'),
  )
}

const noPlugins = (what: string): string =>
  `the ${what} of Jinja2 and of ansible.builtin are there, and some of ansible.utils; plugins in Python are not read`

export const findTest = (env: TemplateEnv, name: string): Test => {
  const found = env.tests.get(name) ?? env.tests.get(shortName(name))
  if (found !== undefined) return found
  throw new OperationError(
    `there is no test '${name}'`,
    'type',
    didYouMean(shortName(name), env.tests.keys()) ?? noPlugins('tests'),
  )
}

/** Calls a filter under the rules of its reach. @throws OperationError */
export const applyFilter = (
  call: Call,
  name: string,
  value: Value,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  filter: Filter = findFilter(call.env, name),
): Value => {
  call.budget.step()
  const what = `the filter '${name}'`
  if (filter.reach === 'raw') return filter.run(value, filter.takes.bind(args, named, what), call)
  if ((value as unknown) instanceof Undefined) return value
  return unlessUndefined(() => {
    const found = look(call, value, args, named, filter.reach)
    if (found.unknown !== undefined) return found.unknown
    const open = opener(found, filter.reach)
    call.budget[filter.skims === true ? 'skim' : 'read']([open(value), ...args.map(open)])
    const bound = filter.takes.bind(args.map(open), opened(named, open), what)
    const result = unlessUnknown(() => filter.run(open(value), bound, call))
    if (typeof result === 'string') call.budget.grow(result.length)
    return found.secret ? secret(result) : result
  })
}

/** Calls a test; a secret's answer is a plain one. @throws OperationError */
export const applyTest = (
  call: Call,
  name: string,
  value: Value,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  test: Test = findTest(call.env, name),
): Truth => {
  const what = `the test '${name}'`
  if (test.reach === 'raw') return test.run(value, test.takes.bind(args, named, what), call)
  rejectUndefined(value)
  const found = look(call, value, args, named, test.reach)
  if (found.unknown !== undefined) return found.unknown
  const open = opener(found, test.reach)
  // Of the others, those that compare charge for themselves, and the rest asks what kind of value it is.
  call.budget[test.reach === 'deep' ? 'read' : 'skim']([open(value), ...args.map(open)])
  const bound = test.takes.bind(args.map(open), opened(named, open), what)
  return unlessUnknown(() => test.run(open(value), bound, call))
}

/** A filter that meets an unknown it must decide by gives that unknown. */
const unlessUnknown = <T>(run: () => T): T | Unknown => {
  try {
    return run()
  } catch (error) {
    if (error instanceof UnknownSignal) return error.unknown
    throw error
  }
}

/** What a filter meets that is undefined makes its result undefined, so that a `default()` behind it holds. */
const unlessUndefined = (run: () => Value): Value => {
  try {
    return run()
  } catch (error) {
    return undefinedFrom(error, '')
  }
}

const look = (
  call: Call,
  value: Value,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  reach: Reach,
): Scan => {
  const found = newScan(call.budget)
  const each = reach === 'deep' ? scan : glance
  each(value, found)
  for (const one of args) each(one, found)
  for (const one of named.values()) each(one, found)
  return found
}

const glance = (value: Value, found: Scan): void => {
  if (value instanceof Unknown) found.unknown ??= value
  else if (value instanceof Secret) {
    found.secret = true
    glance(value.reveal(), found)
  } else rejectUndefined(value)
}

type Open = (value: Value) => Value

const opener = (found: Scan, reach: Reach): Open => {
  if (reach === 'deep') return found.secret || found.unsafe ? reveal : same
  return found.secret ? outermost : same
}

const same: Open = value => value
const outermost: Open = value => (value instanceof Secret ? outermost(value.reveal()) : value)

const opened = (named: ReadonlyMap<string, Value>, open: Open): ReadonlyMap<string, Value> =>
  named.size === 0 || open === same ? named : new Map([...named].map(([name, value]) => [name, open(value)]))
