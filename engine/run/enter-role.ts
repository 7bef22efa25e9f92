import type { Step } from '../core/step.js'
import { Unknown } from '../core/value.js'
import { failureOf } from './failures.js'
import { fail, passUnknown } from './losing.js'
import { type Place, waitingAt } from './place.js'
import { factsAreIn } from './play-facts.js'
import { allOf, findingsFailure } from './role-steps.js'
import { noteUse } from './role-uses.js'
import type { RunState } from './run-state.js'
import type { Stage } from './stage.js'
import { asOfItsTurn, Interrupted } from './turn.js'

/** Asks a TypeScript role for its steps, once the facts of all hosts of the play are in. */
export const enterRole = async (place: Place, use: Parameters<RunState['expand']>[0]): Promise<void> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  if (!factsAreIn(run, stage)) await host.slot.waiting(run.gate.until(() => factsAreIn(run, stage)))
  try {
    const expanded = await asOfItsTurn(waitingAt(place), () => run.expand(use, host, stage.hosts))
    if (expanded instanceof Unknown) {
      noteUse(place, allOf(use), expanded.waitsFor)
      return passUnknown(place, allOf(use), expanded.waitsFor)
    }
    adopt(stage, expanded.handlers)
    const errors = expanded.findings.filter(finding => finding.level === 'error')
    for (const { what, remedy, host: about } of expanded.findings.filter(finding => finding.level === 'warning')) {
      run.emit({ kind: 'warning', host: about ?? host.name, message: `${what}: ${remedy}` })
    }
    if (errors.length > 0) return fail(place, allOf(use), findingsFailure(errors))
    cursor.enter(expanded.body, { role: use.role.name })
  } catch (error) {
    if (error instanceof Interrupted) throw error
    fail(place, allOf(use), failureOf(error, use.inherits))
  }
}

/** Handlers that came with a role or an include. */
export const adopt = (stage: Stage, handlers: readonly Step[]): void => {
  for (const handler of handlers) {
    if (stage.roleHandlers.some(known => known.id === handler.id)) continue
    stage.roleHandlers.push(handler)
    stage.meant.clear()
  }
}
