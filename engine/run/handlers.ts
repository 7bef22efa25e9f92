import { ExpressionError, noScope, type Scope } from '../core/expr.js'
import type { Step } from '../core/step.js'
import { isDict } from '../core/value.js'
import { textOf } from './conditions.js'
import type { Host } from './host.js'
import type { RunState } from './run-state.js'
import type { VariableScope } from './scope.js'
import type { Stage } from './stage.js'

/** What `meta` asks for. */
export const metaAction = (step: Step): string => {
  const params = step.params.evaluate(noScope)
  const word = isDict(params) ? (params.get('action') ?? params.get('_raw_params') ?? params.get('free_form')) : params
  return String(word ?? '')
}

/** For `meta: flush_handlers`: the notified handlers, in the order in which they stand. 'end' where meta ends what comes. */
export const handlersToRun = (run: RunState, host: Host, stage: Stage, step: Step): readonly Step[] | 'end' => {
  const action = metaAction(step)
  if (action.startsWith('end_')) return 'end'
  return action === 'flush_handlers' ? handlersOf(stage).filter(handler => isNotified(run, host, stage, handler)) : []
}

export const handlersOf = (stage: Stage): readonly Step[] => [...stage.state.play.handlers, ...stage.roleHandlers]

/** The names a handler answers to: its own, with its role's before it, and its topics. */
export const namesOf = (run: RunState, host: Host, stage: Stage, handler: Step): readonly string[] => {
  const scope = handler.name?.constant === true ? noScope : variablesAt(run, host, stage, handler)
  const name = textOf(handler.name, scope)
  const own = typeof name === 'string' ? [name] : []
  const role = handler.origin.role?.name
  return [...own, ...own.flatMap(one => (role === undefined ? [] : [`${role} : ${one}`])), ...(handler.listen ?? [])]
}

const variablesAt = (run: RunState, host: Host, stage: Stage, step: Step): Scope =>
  run.variables.scope(host.name, { play: stage.hosts, step })

const isNotified = (run: RunState, host: Host, stage: Stage, handler: Step): boolean =>
  host.notified.size > 0 && namesOf(run, host, stage, handler).some(name => host.notified.has(name))

/**
 * The handlers that a step notifies, by name.
 * @throws ExpressionError where the play has no such handler
 */
export const notifiedBy = (
  run: RunState,
  host: Host,
  stage: Stage,
  step: Step,
  scope: VariableScope,
): readonly string[] => {
  const wanted = step.notify.flatMap(expr => {
    const value = expr.evaluate(scope)
    return Array.isArray(value) ? value.map(String) : [String(value)]
  })
  if (wanted.length === 0) return wanted
  const known = handlersOf(stage).flatMap(handler => namesOf(run, host, stage, handler))
  for (const name of wanted) {
    if (known.includes(name)) continue
    throw new ExpressionError(
      `no handler is called '${name}'`,
      step.source,
      `the play has: ${known.join(', ') || 'none'}`,
    )
  }
  return wanted
}
