import { didYouMean } from '../../config/did-you-mean.js'
import { Secret, Unknown, type Value } from '../../core/value.js'
import { OperationError, rejectUndefined, Undefined, UnknownSignal } from '../../python/kinds.js'
import type { Call, Filter, Reach, TemplateEnv, Test } from '../contract.js'
import { shortName } from '../names.js'
import { undefinedFrom } from '../values/access.js'
import { asSecret } from '../values/arithmetic.js'
import type { Truth } from '../values/compare.js'
import { newScan, reveal, type Scan, scan } from '../values/scan.js'

/** Filters of Ansible's collections that this engine does not offer, with what to do instead. */
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
    didYouMean(shortName(name), env.filters.keys()) ?? availablePlugins('filters'),
  )
}

const availablePlugins = (what: string): string =>
  `the ${what} of Jinja2 and of ansible.builtin are there, and some of ansible.utils; plugins in Python are not read`

export const findTest = (env: TemplateEnv, name: string): Test => {
  const found = env.tests.get(name) ?? env.tests.get(shortName(name))
  if (found !== undefined) return found
  throw new OperationError(
    `there is no test '${name}'`,
    'type',
    didYouMean(shortName(name), env.tests.keys()) ?? availablePlugins('tests'),
  )
}

/** Calls a filter; unknown, secret and undefined arguments are dealt with as its `reach` says. @throws OperationError */
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
  return catchUndefined(() => {
    const found = scanArguments(call, value, args, named, filter.reach)
    if (found.unknown !== undefined) return found.unknown
    const open = unwrapper(found, filter.reach)
    call.budget[filter.skims === true ? 'skim' : 'read']([open(value), ...args.map(open)])
    const bound = filter.takes.bind(args.map(open), unwrapNamed(named, open), what)
    const result = catchUnknown(() => filter.run(open(value), bound, call))
    if (typeof result === 'string') call.budget.grow(result.length)
    return found.secret ? asSecret(result) : result
  })
}

/** Calls a test. Whether a secret passes is no secret: a condition must be true or false. @throws OperationError */
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
  const found = scanArguments(call, value, args, named, test.reach)
  if (found.unknown !== undefined) return found.unknown
  const open = unwrapper(found, test.reach)
  // Tests that do not look through all of a value either compare, and charge for that themselves, or ask for its type only.
  call.budget[test.reach === 'deep' ? 'read' : 'skim']([open(value), ...args.map(open)])
  const bound = test.takes.bind(args.map(open), unwrapNamed(named, open), what)
  return catchUnknown(() => test.run(open(value), bound, call))
}

/** The result is the unknown where a filter cannot go on without knowing it. */
const catchUnknown = <T>(run: () => T): T | Unknown => {
  try {
    return run()
  } catch (error) {
    if (error instanceof UnknownSignal) return error.unknown
    throw error
  }
}

/** The result is undefined where a filter meets something undefined, so that a `default()` after the filter replaces it. */
const catchUndefined = (run: () => Value): Value => {
  try {
    return run()
  } catch (error) {
    return undefinedFrom(error, '')
  }
}

const scanArguments = (
  call: Call,
  value: Value,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  reach: Reach,
): Scan => {
  const found = newScan(call.budget)
  const each = reach === 'deep' ? scan : scanShallow
  each(value, found)
  for (const one of args) each(one, found)
  for (const one of named.values()) each(one, found)
  return found
}

const scanShallow = (value: Value, found: Scan): void => {
  if (value instanceof Unknown) found.unknown ??= value
  else if (value instanceof Secret) {
    found.secret = true
    scanShallow(value.reveal(), found)
  } else rejectUndefined(value)
}

type Unwrap = (value: Value) => Value

const unwrapper = (found: Scan, reach: Reach): Unwrap => {
  if (reach === 'deep') return found.secret || found.unsafe ? reveal : asIs
  return found.secret ? revealOutside : asIs
}

const asIs: Unwrap = value => value
const revealOutside: Unwrap = value => (value instanceof Secret ? revealOutside(value.reveal()) : value)

const unwrapNamed = (named: ReadonlyMap<string, Value>, open: Unwrap): ReadonlyMap<string, Value> =>
  named.size === 0 || open === asIs ? named : new Map([...named].map(([name, value]) => [name, open(value)]))
