import { ExpressionError } from '../../core/expr.js'
import type { Failure } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import type { Source } from '../../core/source.js'
import type { Loop } from '../../core/step.js'
import { type Dict, findUnknown, isDict, Perhaps, Unknown, type Value } from '../../core/value.js'
import { isVariableName, type Layer, rank, variableNames } from '../../core/vars.js'
import { notOffered } from '../../playbook/problems/not-offered.js'
import { jsonText } from '../../python/json-text.js'
import { toJson } from '../../python/to-json.js'
import type { StepContext } from '../context.js'
import type { Control } from '../step/evaluate.js'
import { allUnknown, belowVerbosity, type Result } from '../step/result.js'
import { allHold, flag, textOf } from '../variables/conditions.js'
import { dataLayer, type VariableScope } from '../variables/scope.js'
import { pause } from './pause.js'

/** Names of the control modules, which run without a host. */
export const controlNames: ReadonlySet<string> = new Set([
  'set_fact',
  'debug',
  'assert',
  'fail',
  'meta',
  'pause',
  'include_tasks',
  'include_role',
  'include_vars',
  'add_host',
  'group_by',
])

export const control = async (
  context: StepContext,
  { name, params: evaluated, whenUnknown }: Control,
): Promise<Result> => {
  if (whenUnknown !== undefined) {
    await leaveUnknown(context, evaluated, whenUnknown)
    return notKnown(whenUnknown)
  }
  if (evaluated instanceof Unknown) {
    await leaveUnknown(context, evaluated, evaluated)
    return notKnown(evaluated)
  }
  const params: Dict = isDict(evaluated) ? evaluated : new Map()
  switch (name) {
    case 'set_fact':
      return setFact(context, params)
    case 'debug':
      return debug(context, params)
    case 'assert':
      return assert(context, params)
    case 'fail':
      return failure(params.has('msg') ? (params.get('msg') ?? null) : 'Failed as requested from task')
    case 'pause':
      return fine(await pause(context, params))
    case 'include_vars': {
      const unknown = findUnknown(evaluated)
      if (unknown !== undefined) {
        await leaveUnknown(context, params, unknown)
        return notKnown(unknown)
      }
      context.host.included.add(
        await context.run.input.loader.includeVars(context.step, params as ReadonlyMap<string, Value>),
      )
      return fine()
    }
    default:
      throw notOffered(name, context.step.source)
  }
}

const fine = (value: readonly (readonly [string, Value])[] = [], message?: Json): Result => ({
  status: 'ok',
  value: new Map<string, Value>([['changed', false], ['failed', false], ...value]),
  changes: [],
  ...(message === undefined ? {} : { message }),
})

const notKnown = (unknown: Unknown): Result => ({
  status: 'unknown',
  waitsFor: unknown.waitsFor,
  value: allUnknown(unknown.waitsFor),
  changes: [],
})

const failure = (
  reason: Value,
  more: readonly (readonly [string, Value])[] = [],
  condition?: { readonly text: string; readonly source: Source },
): Result => {
  const message = typeof reason === 'string' ? reason : jsonText(shown(reason))
  const why: Failure = { kind: 'task-failed', message, ...(condition !== undefined && { condition }) }
  const value = new Map<string, Value>([['changed', false], ['failed', true], ['msg', reason], ...more])
  return { status: 'failed', value, changes: [], failure: { failure: why } }
}

const setFact = (context: StepContext, params: Dict): Result => {
  const { run, step } = context
  const facts = [...params].filter(([name]) => name !== 'cacheable')
  const owner = run.known(ownerOfFacts(context))
  for (const [name, given] of facts) {
    if (!isVariableName(String(name)))
      throw new ExpressionError(`'${String(name)}' is no name for a variable`, step.source, variableNames)
    // A Perhaps becomes an Unknown: an undefined value would have been an error.
    const value = given instanceof Perhaps ? new Unknown(given.waitsFor) : given
    owner.register(String(name), value)
    if (params.get('cacheable') === true) owner.cacheFact(String(name).replace(/^ansible_/, ''), value)
  }
  return fine([['ansible_facts', new Map(facts.map(([name, value]) => [String(name), value]))]])
}

/**
 * For a step that only perhaps runs: the variables that it sets are unknown from here on, and it is unknown whether new
 * ones exist.
 */
const leaveUnknown = async (context: StepContext, params: Value, { waitsFor }: Unknown): Promise<void> => {
  const { run, host, step } = context
  const scope = context.scope()
  const open = (isThere: boolean): Value => (isThere ? new Unknown(waitsFor) : new Perhaps(waitsFor))
  const sets = step.module === 'set_fact' || step.module === 'include_vars'
  const owner = run.known(ownerOfFacts(context))
  if (!isDict(params)) {
    if (sets) owner.included.add({ ...dataLayer(rank.includeVars, 'not known', []), open: new Unknown(waitsFor) })
    return
  }
  if (step.module === 'set_fact') {
    for (const name of [...params.keys()].map(String).filter(one => one !== 'cacheable'))
      owner.register(name, open(owner.name === host.name ? isSet(scope, name) : owner.registered.has(name)))
  } else if (step.module === 'include_vars' && findUnknown(params) !== undefined) {
    host.included.add({ ...dataLayer(rank.includeVars, 'not known', []), open: new Unknown(waitsFor) })
  } else if (step.module === 'include_vars') {
    // A missing file is no error: the step may not run.
    const layer = await run.input.loader
      .includeVars(step, params as ReadonlyMap<string, Value>)
      .catch((): Layer => dataLayer(rank.includeVars, 'none', []))
    const names = [...layer.bindings.keys()]
    const values = names.map(name => [name, open(isSet(scope, name))] as const)
    host.included.add(dataLayer(layer.rank, layer.name, values))
  }
}

/** The same for a loop whose items are unknown. */
export const leaveUnknownLoop = async (context: StepContext, loop: Loop, items: Unknown): Promise<void> => {
  const names = [loop.variable, ...(loop.indexVariable === undefined ? [] : [loop.indexVariable])]
  const layer = dataLayer(
    rank.loop,
    'loop',
    names.map(name => [name, items] as const),
  )
  const item = context.withItem(layer)
  const scope = item.scope()
  if (allHold(item.step.when, scope).holds === false) return
  await leaveUnknown(item, item.step.params.evaluate(scope), items)
}

const isSet = (scope: VariableScope, name: string): boolean => {
  try {
    const value = scope.get(name)
    return value !== undefined && !(value instanceof Perhaps)
  } catch {
    return false
  }
}

/** The host that gets the facts of a step: with `delegate_facts` the delegate. */
export const ownerOfFacts = (context: StepContext): string => {
  const { host, step } = context
  if (step.delegateFacts === undefined) return host.name
  const scope = context.scope()
  const delegate = flag(step.delegateFacts, scope) ? textOf(step.delegateTo, scope) : undefined
  return typeof delegate === 'string' ? delegate : host.name
}

const debug = (context: StepContext, params: Dict): Result => {
  const { run, step } = context
  if (Number(params.get('verbosity') ?? 0) > run.input.verbosity)
    return { status: 'skipped', value: belowVerbosity, changes: [] }
  const name = params.get('var')
  if (typeof name === 'string') {
    const value = orUndefinedMessage(name, () =>
      run.input.templates.expression(name, step.source).evaluate(context.scope()),
    )
    return fine([[name, value]], { [name]: shown(value) })
  }
  const message = params.has('msg') ? (params.get('msg') ?? null) : 'Hello world!'
  return fine([['msg', message]], shown(message))
}

/** The value of a variable. An undefined one is shown with the message of ansible-core. */
const orUndefinedMessage = (name: string, value: () => Value): Value => {
  try {
    return value()
  } catch (error) {
    if (!(error instanceof ExpressionError) || error.code !== 'undefined') throw error
    return `<< error 1 - ${error.message.replace(` in «${name}»`, '')} >>`
  }
}

/** A value for people. An unknown is shown with what it waits for. */
const shown = (value: Value): Json => {
  if (value instanceof Unknown) return `(unknown: waits for ${value.waitsFor})`
  if (findUnknown(value) === undefined) return toJson(value)
  if (Array.isArray(value)) return value.map(shown)
  return isDict(value) ? Object.fromEntries([...value].map(([key, one]) => [String(key), shown(one)])) : toJson(value)
}

const assert = (context: StepContext, params: Dict): Result => {
  const { run, step } = context
  const scope = context.scope()
  const that = params.get('that') ?? true
  const texts = Array.isArray(that) ? that : [that]
  for (const one of texts) {
    if (one instanceof Unknown) return notKnown(one)
    if (typeof one !== 'string' && typeof one !== 'boolean')
      throw new ExpressionError('`that` is not a condition', step.source)
    const { holds } = allHold([run.input.templates.condition(one, step.source)], scope)
    if (holds instanceof Unknown) return notKnown(holds)
    if (!holds) {
      const message = params.get('fail_msg') ?? params.get('msg') ?? `Assertion failed: ${String(one)}`
      return failure(
        message,
        [
          ['assertion', one],
          ['evaluated_to', false],
        ],
        { text: String(one), source: step.source },
      )
    }
  }
  const message = params.get('success_msg') ?? 'All assertions passed'
  return fine([['msg', message]], params.get('quiet') === true ? undefined : shown(message))
}
