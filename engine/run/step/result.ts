import type { StepName, StepStatus } from '../../core/event.js'
import type { Failure, ReportedFailure } from '../../core/failure.js'
import { isJsonObject, type Json } from '../../core/json.js'
import type { AnyModule, Change, ModuleKind } from '../../core/module.js'
import type { Step } from '../../core/step.js'
import { type Dict, fromJson, isDict, PartDict, Unknown, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { dataLayer } from '../variables/scope.js'

/** How one attempt at one item of a step went. */
export interface Result {
  readonly status: 'ok' | 'changed' | 'would-change' | 'unknown' | 'skipped' | 'failed' | 'unreachable'
  /** What `register` holds. */
  readonly value: Value
  readonly changes: readonly Change[]
  readonly waitsFor?: string
  readonly failure?: ReportedFailure
  readonly message?: Json
  readonly notIdempotent?: boolean
  readonly executedInCheck?: boolean
  readonly onlyInRun?: boolean
  readonly delegatedTo?: string
  /** Dry run: it counts as no change, and yet what comes after may hang on it. */
  readonly pending?: boolean
  /** Handlers to run, by name: for a loop those of the items that changed. */
  readonly notified?: readonly string[]
}

/** How a step went on a host, all items of its loop together, as it was reported. */
export interface StepResult {
  readonly status: StepStatus
  readonly value: Value
  readonly result: Result
  readonly name: StepName
}

/** The dict that `register` holds: the module's value, and how it went. */
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
 * What is known of a step that would be carried out: whether that is a change; what its apply answers is not.
 * @param certain it is not skipped, and so has no `skipped`
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

/** Nothing is known: neither whether it changes nor what it answers. */
export const allUnknown = (why: string): Value =>
  new PartDict(
    [
      ['failed', false],
      ['changed', new Unknown(why)],
    ],
    new Unknown(why),
  )

/** Whether it changes anything is not known before something else has run. */
export const unknown = (waitsFor: string): Result => ({
  status: 'unknown',
  waitsFor,
  value: allUnknown(waitsFor),
  changes: [],
})

/** What was looked at may be another thing in the real run; who only looks changes nothing then either. */
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

/** A failure before the module could say anything. */
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

/** A loop over nothing. */
export const noItems: Dict = new Map<string, Value>([
  ...(skippedSaying('No items in the list') as Map<string, Value>),
  ['results', []],
])

/** A message for more -v than were given. */
export const tooQuiet: Dict = skippedSaying('Verbosity threshold not met.')

/** The result as its own conditions, and its `register`, see it: `attempts` is the number of the try, where tries are counted. */
export const counted = (result: Result, number: number | undefined): Result => ({
  ...result,
  value: number !== undefined && isDict(result.value) ? new Map([...result.value, ['attempts', number]]) : result.value,
})

/** The result under the step's own `register`. */
export const resultLayer = (step: Step, result: Result): Layer =>
  dataLayer(rank.registered, 'register', step.register === undefined ? [] : [[step.register, result.value]])

/** The same with these fields: of a partly known value they are known from here on. */
export const withFields = (value: Value, fields: readonly (readonly [string, Value])[]): Value => {
  if (value instanceof PartDict) return value.with(fields)
  return isDict(value) ? new Map([...value, ...fields]) : new Map(fields)
}
