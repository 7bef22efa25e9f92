import type { StepName } from '../../core/event.js'
import type { Step } from '../../core/step.js'
import { Secret, Unknown } from '../../core/value.js'
import { playId, type Stage } from '../timeline/play-run.js'
import type { VariableScope } from '../variables/scope.js'

/** The name of a step for reports. A name whose template cannot be rendered yet is shown as written. */
export const nameOf = (step: Step, scope: VariableScope, stage: Stage, handler: boolean): StepName => {
  const role = step.origin.role?.name
  const own = rendered(step, scope)
  return {
    id: step.id,
    name: role === undefined ? own : `${role} : ${own}`,
    module: step.module,
    source: step.source,
    play: playId(stage),
    ...(role === undefined ? {} : { role }),
    ...(handler ? { handler: true } : {}),
  }
}

const rendered = (step: Step, scope: VariableScope): string => {
  if (step.name === undefined) return step.module
  try {
    const value = step.name.evaluate(scope)
    if (value instanceof Unknown || value instanceof Secret) return step.name.text ?? step.module
    return String(value)
  } catch {
    return step.name.text ?? step.module
  }
}
