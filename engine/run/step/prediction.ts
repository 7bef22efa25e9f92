import { noScope } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import type { Value } from '../../core/value.js'
import type { EvaluatedStep } from './evaluate.js'
import { isFresh, seenBy } from './observe.js'
import { allUnknown, partlyKnown, registered } from './result.js'

/** The predicted result of a step, from what has been read already. */
export interface Prediction {
  readonly value: Value
  /** Whether the step is going to change something. */
  readonly changes: boolean | 'unknown'
}

export const predict = async (evaluated: EvaluatedStep, step: Step, name: string): Promise<Prediction> => {
  const unread: Prediction = { value: allUnknown(`'${name}' to be looked at`), changes: 'unknown' }
  if (!isFresh(evaluated)) return unread
  try {
    const seen = await seenBy(evaluated)
    const plan = evaluated.module.plan(evaluated.params, seen, evaluated.facts)
    if (!('changes' in plan)) return unread
    if (plan.changes.length > 0) {
      return {
        value: partlyKnown(`'${name}' to run`, !neverCounts(step, evaluated)),
        changes: !isHarmless(step, evaluated),
      }
    }
    return {
      value: registered(evaluated.module.value?.(evaluated.params, seen, []), { changed: false }),
      changes: false,
    }
  } catch {
    return unread
  }
}

/** Whether observations stay fresh: the task (`changed_when: false`) or the module declares that nothing is changed. */
export const isHarmless = (step: Step, { module, params }: EvaluatedStep): boolean =>
  neverChanges(step) || (step.changedWhen === undefined && module.changesNothing?.(params) === true)

/** Whether a run never reports the action as a change, whatever effects it has. */
export const neverCounts = (step: Step, { module, moduleKind, params }: EvaluatedStep): boolean =>
  moduleKind === 'action' && step.changedWhen === undefined && module.neverChanged?.(params) === true

const neverChanges = (step: Step): boolean =>
  step.changedWhen !== undefined &&
  step.changedWhen.length > 0 &&
  step.changedWhen.every(one => one.constant && one.evaluate(noScope) === false)
