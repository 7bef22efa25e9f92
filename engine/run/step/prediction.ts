import { noScope } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import type { Value } from '../../core/value.js'
import type { EvaluatedStep } from './evaluate.js'
import { isFresh, seenBy } from './observe.js'
import { allUnknown, partlyKnown, registered } from './result.js'

/** What a step will come to, as far as can be told from what has been read already. */
export interface Prediction {
  readonly value: Value
  /** Whether it is going to change something, as far as is known. */
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

/** What was seen stays fresh: the author says that the step changes nothing, or the module does. */
export const isHarmless = (step: Step, { module, params }: EvaluatedStep): boolean =>
  neverChanges(step) || (step.changedWhen === undefined && module.changesNothing?.(params) === true)

/** Whatever the action does elsewhere, a run does not call it a change. */
export const neverCounts = (step: Step, { module, moduleKind, params }: EvaluatedStep): boolean =>
  moduleKind === 'action' && step.changedWhen === undefined && module.neverChanged?.(params) === true

const neverChanges = (step: Step): boolean =>
  step.changedWhen !== undefined &&
  step.changedWhen.length > 0 &&
  step.changedWhen.every(one => one.constant && one.evaluate(noScope) === false)
