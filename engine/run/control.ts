import { setTimeout as sleep } from 'node:timers/promises'
import { ExpressionError } from '../core/expr.js'
import { ConfigError, type Failure } from '../core/failure.js'
import type { Json } from '../core/json.js'
import type { Step } from '../core/step.js'
import { type Dict, findUnknown, isDict, toJson, Unknown, type Value } from '../core/value.js'
import { allHold, flag, textOf } from './conditions.js'
import type { Host } from './host.js'
import type { Control } from './instance.js'
import { allUnknown, type Result, tooQuiet } from './result.js'
import type { RunState } from './run-state.js'
import type { VariableScope } from './scope.js'

/** Steps that ask no host: they work on variables, or only say something. */
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

interface ControlTurn {
  readonly run: RunState
  readonly host: Host
  readonly step: Step
  readonly scope: VariableScope
}

export const control = async (turn: ControlTurn, instance: Control): Promise<Result> => {
  const params: Dict = isDict(instance.params) ? instance.params : new Map()
  if (instance.whenUnknown !== undefined) {
    if (instance.name === 'set_fact') perhapsSet(turn, params, instance.whenUnknown)
    return notKnown(instance.whenUnknown)
  }
  switch (instance.name) {
    case 'set_fact':
      return setFact(turn, params)
    case 'debug':
      return debug(turn, params)
    case 'assert':
      return assert(turn, params)
    case 'fail':
      return failure(String(params.get('msg') ?? 'Failed as requested from task'))
    case 'pause':
      return pause(turn, params)
    case 'include_vars': {
      const unknown = findUnknown(instance.params)
      if (unknown !== undefined) return notKnown(unknown)
      turn.host.included.push(await turn.run.input.loader.includeVars(turn.step, params as ReadonlyMap<string, Value>))
      return fine()
    }
    default:
      throw new ConfigError({
        message: `'${instance.name}' is not offered yet`,
        source: turn.step.source,
        hint: 'put the hosts into the inventory, or into a group there',
      })
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

const failure = (message: string, more: readonly (readonly [string, Value])[] = []): Result => {
  const why: Failure = { kind: 'task-failed', message }
  const value = new Map<string, Value>([['changed', false], ['failed', true], ['msg', message], ...more])
  return { status: 'failed', value, changes: [], failure: { failure: why } }
}

const setFact = ({ run, host, step, scope }: ControlTurn, params: Dict): Result => {
  const facts = [...params].filter(([name]) => name !== 'cacheable')
  const owner = run.known(ownerOfFacts(host.name, step, scope))
  for (const [name, value] of facts) owner.register(String(name), value)
  return fine([['ansible_facts', new Map(facts.map(([name, value]) => [String(name), value]))]])
}

/** A fact that may be set, or stay what it is. */
const perhapsSet = (turn: ControlTurn, params: Dict, unknown: Unknown): void =>
  void setFact(turn, new Map([...params.keys()].map(name => [name, unknown] as const)))

/** `delegate_facts`: facts are the delegate's. */
export const ownerOfFacts = (host: string, step: Step, scope: VariableScope): string => {
  const delegate = flag(step.delegateFacts, scope) ? textOf(step.delegateTo, scope) : undefined
  return typeof delegate === 'string' ? delegate : host
}

const debug = ({ run, step, scope }: ControlTurn, params: Dict): Result => {
  if (Number(params.get('verbosity') ?? 0) > run.input.verbosity)
    return { status: 'skipped', value: tooQuiet, changes: [] }
  const name = params.get('var')
  if (typeof name === 'string') {
    const value = run.input.templates.expression(name, step.source).evaluate(scope)
    return fine([[name, value]], { [name]: shown(value) })
  }
  const message = params.get('msg') ?? 'Hello world!'
  return fine([['msg', message]], shown(message))
}

/** For people: an unknown says what it waits for instead of ending the output. */
const shown = (value: Value): Json => {
  if (value instanceof Unknown) return `(unknown: waits for ${value.waitsFor})`
  if (findUnknown(value) === undefined) return toJson(value)
  if (Array.isArray(value)) return value.map(shown)
  return isDict(value) ? Object.fromEntries([...value].map(([key, one]) => [String(key), shown(one)])) : toJson(value)
}

const assert = ({ run, step, scope }: ControlTurn, params: Dict): Result => {
  const that = params.get('that') ?? true
  const texts = Array.isArray(that) ? that : [that]
  for (const one of texts) {
    if (one instanceof Unknown) return notKnown(one)
    if (typeof one !== 'string' && typeof one !== 'boolean')
      throw new ExpressionError('`that` is not a condition', step.source)
    const { holds } = allHold([run.input.templates.condition(one, step.source)], scope)
    if (holds instanceof Unknown) return notKnown(holds)
    if (!holds) {
      const message = String(params.get('fail_msg') ?? params.get('msg') ?? `Assertion failed: ${String(one)}`)
      return failure(message, [
        ['assertion', one],
        ['evaluated_to', false],
      ])
    }
  }
  const message = params.get('success_msg') ?? 'All assertions passed'
  return fine([['msg', message]], params.get('quiet') === true ? undefined : shown(message))
}

const pause = async ({ run, host }: ControlTurn, params: Dict): Promise<Result> => {
  const seconds = Number(params.get('seconds') ?? Number(params.get('minutes') ?? 0) * 60)
  if (!run.input.check && seconds > 0) {
    await host.slot.waiting(sleep(seconds * 1000, undefined, { signal: run.input.stopping }).catch(() => undefined))
  }
  return fine([['seconds', seconds]])
}
