import type { Failure } from '../../core/failure.js'
import type { Finding } from '../../core/role.js'
import type { RoleUse, Step } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import { noteUse } from '../dry-run/role-uses.js'
import { tellSkipped, tellUnknown } from '../dry-run/skip-unknown.js'
import { failureOf } from '../failure/failures.js'
import { fail, isOfItsStep, passUnknown } from '../failure/host-failed.js'
import { factsAreIn } from '../schedule/facts-barrier.js'
import { asOfItsTurn } from '../schedule/wait-turn.js'
import { type Place, waitingAt } from '../step/place.js'
import { Interrupted } from '../timeline/interrupted.js'
import type { Stage } from '../timeline/play-run.js'
import { allHold } from '../variables/conditions.js'
import { allOf, findingsFailure } from '../variables/role-steps.js'

/** Asks a TypeScript role for its steps, once the facts of all hosts of the play are in. */
export const enterRole = async (place: Place, use: RoleUse): Promise<void> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  if (!factsAreIn(run, stage)) await host.slot.waiting(run.gate.until(() => factsAreIn(run, stage)))
  const condition = () => asOfItsTurn(waitingAt(place), () => conditionOf(place, use))
  const failed = async (failure: Failure): Promise<void> => {
    const holds = isOfItsStep(failure) ? await condition() : true
    if (holds === false) return tellSkipped(place, allOf(use))
    if (holds instanceof Unknown && run.input.check) return tellUnknown(place, allOf(use), holds.waitsFor, true)
    fail(place, allOf(use), failure)
  }
  try {
    const expanded = await asOfItsTurn(waitingAt(place), () => run.expand(use, host, stage.hosts))
    if (expanded instanceof Unknown) {
      if ((await condition()) === false) return tellSkipped(place, allOf(use))
      noteUse(place, allOf(use), expanded.waitsFor)
      return passUnknown(place, allOf(use), expanded.waitsFor)
    }
    adopt(stage, expanded.handlers)
    const errors = expanded.findings.filter(finding => finding.level === 'error')
    if (expanded.findings.length > errors.length && (await condition()) !== false)
      tellWarnings(place, expanded.findings)
    if (errors.length > 0) return await failed(findingsFailure(errors))
    cursor.enter(expanded.body, { role: use.role.name })
  } catch (error) {
    if (error instanceof Interrupted) throw error
    await failed(failureOf(error, use.inherits))
  }
}

const tellWarnings = ({ run, host }: Place, findings: readonly Finding[]): void => {
  for (const { what, remedy, host: about } of findings.filter(({ level }) => level === 'warning'))
    run.emit({ kind: 'warning', host: about ?? host.name, message: `${what}: ${remedy}` })
}

/** Whether the role as a whole is for this host. What does not evaluate is told by its first step. */
const conditionOf = ({ run, host, stage }: Place, { inherits }: RoleUse): boolean | Unknown => {
  try {
    return allHold(inherits.when, run.variables.scope(host.name, { play: stage.hosts, step: inherits })).holds
  } catch {
    return true
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
