import type { StepContext } from '../context.js'
import { noteAnything } from './foresee.js'

/** Reports an include or role as skipped, because its condition is false. */
export const tellSkipped = ({ run, host, name }: StepContext): void => {
  host.state.count('skipped')
  run.emit({ kind: 'step-ended', host: host.name, step: name, status: 'skipped', changes: [], ms: 0 })
  host.timeline.cursor.advance()
}

/**
 * Dry run: reports an include, a role or a `meta` as unknown, and goes on after it.
 * @param mayChange whether unknown steps are skipped with it, which may change anything and bring handlers
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
