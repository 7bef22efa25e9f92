import type { StepName, StepStatus } from '../../core/event.js'
import type { Failure, ReportedFailure } from '../../core/failure.js'
import { isJsonObject, type Json } from '../../core/json.js'
import type { AnyModule, Change, ModuleKind } from '../../core/module.js'
import type { Step } from '../../core/step.js'
import { type Dict, fromJson, isDict, PartDict, Unknown, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { dataLayer } from '../variables/scope.js'

/** The result of one attempt at one item of a step. */
export interface Result {
  readonly status: 'ok' | 'changed' | 'would-change' | 'unknown' | 'skipped' | 'failed' | 'unreachable'
  /** The registered value. */
  readonly value: Value
  readonly changes: readonly Change[]
  readonly waitsFor?: string
  readonly failure?: ReportedFailure
  readonly message?: Json
  readonly notIdempotent?: boolean
  readonly executedInCheck?: boolean
  readonly onlyInRun?: boolean
  readonly delegatedTo?: string
  /** Dry run: not counted as a change, but later steps may depend on it. */
  readonly pending?: boolean
  /** Names of handlers to notify; for a loop, those of the items that changed. */
  readonly notified?: readonly string[]
}

/** The result of a step on a host, with all items of its loop, as reported. */
export interface StepResult {
  readonly status: StepStatus
  readonly value: Value
  readonly result: Result
  readonly name: StepName
}

/** The registered dict: the module's value, with `changed` and `failed`. */
export const registered = (
  value: Json | undefined,
  status: { readonly changed: boolean; readonly failed?: boolean },
): Dict =>
  new Map<string, Value>([
    ['changed', status.changed],
    ['failed', status.failed ?? false],
    ...(isJsonObject(value)
      ? (fromJson(value) as Map<string, Value>)
      : value === undefined
        ? []
        : [['value', fromJson(value)] as const]),
  ])

/**
 * The registered value of a step that would be executed: whether it changes something is known, its answer is not.
 * @param certain whether the step is certainly not skipped, and so has no `skipped`
 */
export const partlyKnown = (why: string, changed = true, certain = true): PartDict =>
  new PartDict(
    [
      ['changed', changed],
      ['failed', false],
    ],
    new Unknown(why),
    certain ? ['skipped'] : [],
  )

/** The registered value of a step of which neither the change nor the answer is known. */
export const allUnknown = (why: string): Value =>
  new PartDict(
    [
      ['failed', false],
      ['changed', new Unknown(why)],
    ],
    new Unknown(why),
  )

/** The result of a step that depends on something that has not run. */
export const unknown = (waitsFor: string): Result => ({
  status: 'unknown',
  waitsFor,
  value: allUnknown(waitsFor),
  changes: [],
})

/**
 * The result of a step whose observation a pending step may change. A step that only reads changes nothing in any case.
 */
export const outdated = (
  {
    module,
    moduleKind,
    whenUnknown,
  }: { readonly module: AnyModule; readonly moduleKind: ModuleKind; readonly whenUnknown: Unknown | undefined },
  waitsFor: string,
): Result =>
  module.looks === undefined || moduleKind === 'action'
    ? unknown(waitsFor)
    : { ...unknown(waitsFor), value: partlyKnown(waitsFor, false, whenUnknown === undefined) }

/** The registered value of a failure before the module answered. */
export const failedValue = (failure: Failure): Dict =>
  new Map<string, Value>([
    ['changed', false],
    ['failed', true],
    ...(failure.kind === 'unreachable' ? [['unreachable', true] as const] : []),
    ['msg', 'message' in failure && failure.message !== undefined ? failure.message : failure.kind],
  ])

export const skippedValue = (condition: string): Dict =>
  new Map<string, Value>([
    ['changed', false],
    ['failed', false],
    ['skipped', true],
    ['skip_reason', 'Conditional result was False'],
    ['false_condition', condition],
  ])

const skippedSaying = (reason: string): Dict =>
  new Map<string, Value>([
    ['changed', false],
    ['failed', false],
    ['skipped', true],
    ['skipped_reason', reason],
  ])

/** The result of a loop without items. */
export const noItems: Dict = new Map<string, Value>([
  ...(skippedSaying('No items in the list') as Map<string, Value>),
  ['results', []],
])

/** The result of a `debug` that needs a higher verbosity. */
export const belowVerbosity: Dict = skippedSaying('Verbosity threshold not met.')

/** The result with `attempts`, the number of the attempt, where attempts are counted. */
export const counted = (result: Result, number: number | undefined): Result => ({
  ...result,
  value: number !== undefined && isDict(result.value) ? new Map([...result.value, ['attempts', number]]) : result.value,
})

/** The result under the step's `register`. */
export const resultLayer = (step: Step, result: Result): Layer =>
  dataLayer(rank.registered, 'register', step.register === undefined ? [] : [[step.register, result.value]])

/** The value with more fields, which are known then also in a partly known value. */
export const withFields = (value: Value, fields: readonly (readonly [string, Value])[]): Value => {
  if (value instanceof PartDict) return value.with(fields)
  return isDict(value) ? new Map([...value, ...fields]) : new Map(fields)
}
