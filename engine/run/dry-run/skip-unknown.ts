import type { StepContext } from '../context.js'
import { noteAnything } from './foresee.js'

/** Steps that are not asked for, since a condition around them does not hold. */
export const tellSkipped = ({ run, host, name }: StepContext): void => {
  host.state.count('skipped')
  run.emit({ kind: 'step-ended', host: host.name, step: name, status: 'skipped', changes: [], ms: 0 })
  host.timeline.cursor.advance()
}

/**
 * Dry run: passes over what is no step of a module, an include, a role or a `meta`, and says what it waits for.
 * @param mayChange whether it stands for steps that may change anything, and bring handlers
 */
export const tellUnknown = (context: StepContext, waitsFor: string, mayChange: boolean): void => {
  const { run, host, stage, name } = context
  if (mayChange) {
    noteAnything(context)
    stage.hideHandlers()
  }
  host.state.count('unknown')
  run.emit({ kind: 'step-ended', host: host.name, step: name, status: 'unknown', changes: [], waitsFor, ms: 0 })
  host.timeline.cursor.advance()
}
