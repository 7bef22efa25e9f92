import { findUnknown, isDict, type Value } from '../../core/value.js'
import type { StepContext } from '../context.js'
import type { Timeline } from '../timeline/timeline.js'
import { allHold, textOf } from '../variables/conditions.js'

/**
 * Reads ahead through a control step: facts that it sets, tasks that it includes.
 * @returns the variables that it sets; 'ordinary' for a step of a module, which is left at the cursor; 'stop' where
 *   reading ahead ends
 */
export const lookThrough = async (
  context: StepContext,
  timeline: Timeline,
): Promise<readonly (readonly [string, Value])[] | 'ordinary' | 'stop'> => {
  const { run, step } = context
  if (!run.controls.has(step.module)) return 'ordinary'
  const scope = context.scope()
  const when = allHold(step.when, scope).holds
  if (when === false || passable.has(step.module) || (step.module === 'pause' && run.input.check)) {
    timeline.cursor.advance()
    return []
  }
  if (step.loop !== undefined || when !== true) return 'stop'
  if (step.module === 'set_fact') {
    const params = step.params.evaluate(scope)
    // The new member of ansible_facts exists only after the step has run.
    if (isDict(params) && params.get('cacheable') === true) return 'stop'
    timeline.cursor.advance()
    return isDict(params) ? [...params].map(([name, value]) => [String(name), value] as const) : []
  }
  if (step.module === 'include_tasks') {
    const params = step.params.evaluate(scope)
    if (!isDict(params) || findUnknown(params) !== undefined) return 'stop'
    const file = textOf(
      { names: [], constant: true, evaluate: () => params.get('file') ?? params.get('_raw_params') ?? null },
      scope,
    )
    if (typeof file !== 'string') return 'stop'
    timeline.cursor.enter(await run.input.loader.includeTasks(step, file, [], params.get('apply')))
    return []
  }
  if (step.module === 'include_role') {
    const params = step.params.evaluate(scope)
    // The variables of a public role exist only after it has run.
    if (!isDict(params) || findUnknown(params) !== undefined || params.get('public') === true) return 'stop'
    timeline.cursor.enter(await run.input.loader.includeRole(step, params as ReadonlyMap<string, Value>, []))
    return []
  }
  return 'stop'
}

/**
 * Control steps that change neither variables nor the next step, if they do not fail. `pause` is not one of them: the
 * user may change hosts meanwhile.
 */
const passable = new Set(['debug', 'assert', 'fail'])
