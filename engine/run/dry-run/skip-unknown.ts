import type { Step } from '../../core/step.js'
import type { Place } from '../step/place.js'
import { nameOf } from '../step/step-name.js'
import { noteAnything } from './foresee.js'

/** Steps that are not asked for, since a condition around them does not hold. */
export const tellSkipped = (place: Place, one: Step): void => {
  const { run, host, stage, handler } = place
  const name = nameOf(one, run.variables.scope(host.name, { play: stage.hosts, step: one }), stage, handler)
  host.counts.skipped++
  run.emit({ kind: 'step-ended', host: host.name, step: name, status: 'skipped', changes: [], ms: 0 })
  host.timeline.cursor.advance()
}

/**
 * Dry run: passes over what is no step of a module, an include, a role or a `meta`, and says what it waits for.
 * @param mayChange whether it stands for steps that may change anything, and bring handlers
 */
export const tellUnknown = (place: Place, one: Step, waitsFor: string, mayChange: boolean): void => {
  const { run, host, stage, handler } = place
  const name = nameOf(one, run.variables.scope(host.name, { play: stage.hosts, step: one }), stage, handler)
  if (mayChange) {
    noteAnything(run, host, name.name)
    stage.hidesHandlers = true
  }
  host.counts.unknown++
  run.emit({ kind: 'step-ended', host: host.name, step: name, status: 'unknown', changes: [], waitsFor, ms: 0 })
  host.timeline.cursor.advance()
}
