import type { Step } from '../core/step.js'
import { fail } from './losing.js'
import { noteAnything } from './pending.js'
import type { Place } from './place.js'
import { nameOf } from './step-name.js'

/**
 * An include or a role of which it is not known what it brings, since that hangs on what has not run. A dry run says so and passes
 * over it: it may change anything. A run knows everything but what a dry step would have done, and there it is a failure.
 */
export const passUnknown = (place: Place, one: Step, waitsFor: string): void => {
  const { run, host, stage } = place
  if (!run.input.check) {
    const { file, line } = one.source
    return fail(place, one, { kind: 'task-failed', message: `it waits for ${waitsFor} (${file}:${line})` })
  }
  const name = nameOf(one, run.variables.scope(host.name, { play: stage.hosts, step: one }), stage, place.handler)
  noteAnything(run, host, name.name)
  host.counts.unknown++
  run.emit({ kind: 'step-ended', host: host.name, step: name, status: 'unknown', changes: [], waitsFor, ms: 0 })
  host.timeline.cursor.advance()
}
