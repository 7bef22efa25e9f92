import type { Failure } from '../../core/failure.js'
import type { Finding } from '../../core/role.js'
import type { RoleUse } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import type { StepContext } from '../context.js'
import { noteUse } from '../dry-run/role-uses.js'
import { tellSkipped, tellUnknown } from '../dry-run/skip-unknown.js'
import { failureOf } from '../failure/failures.js'
import { fail, isOfItsStep, passUnknown } from '../failure/host-failed.js'
import { factsAreIn } from '../schedule/facts-barrier.js'
import { asOfItsTurn } from '../schedule/wait-turn.js'
import { Interrupted } from '../timeline/interrupted.js'
import { allHold } from '../variables/conditions.js'
import { findingsFailure } from '../variables/role-steps.js'

/** Expands a TypeScript role to its steps, after the facts of all hosts of the play were gathered. */
export const enterRole = async (context: StepContext, use: RoleUse): Promise<void> => {
  const { run, host, stage } = context
  const { cursor } = host.timeline
  if (!factsAreIn(run, stage)) await host.slot.releaseWhile(run.effectOrder.until(() => factsAreIn(run, stage)))
  const condition = () => asOfItsTurn(context, () => conditionOf(context, use))
  const failed = async (failure: Failure): Promise<void> => {
    const holds = isOfItsStep(failure) ? await condition() : true
    if (holds === false) return tellSkipped(context)
    if (holds instanceof Unknown && run.input.check) return tellUnknown(context, holds.waitsFor, true)
    fail(context, failure)
  }
  try {
    const expanded = await asOfItsTurn(context, () => run.roles.expand(use, host, stage.hosts))
    if (expanded instanceof Unknown) {
      if ((await condition()) === false) return tellSkipped(context)
      noteUse(context, expanded.waitsFor)
      return passUnknown(context, expanded.waitsFor)
    }
    stage.addHandlers(expanded.handlers)
    const errors = expanded.findings.filter(finding => finding.level === 'error')
    if (expanded.findings.length > errors.length && (await condition()) !== false)
      tellWarnings(context, expanded.findings)
    if (errors.length > 0) return await failed(findingsFailure(errors))
    cursor.enter(expanded.body, { role: use.role.name })
  } catch (error) {
    if (error instanceof Interrupted) throw error
    await failed(failureOf(error, use.inherits))
  }
}

const tellWarnings = ({ run, host }: StepContext, findings: readonly Finding[]): void => {
  for (const { what, remedy, host: about } of findings.filter(({ level }) => level === 'warning'))
    run.emit({ kind: 'warning', host: about ?? host.name, message: `${what}: ${remedy}` })
}

/** The role's `when`. An error in it is left to the role's first step. */
const conditionOf = (context: StepContext, { inherits }: RoleUse): boolean | Unknown => {
  try {
    return allHold(inherits.when, context.at(inherits).scope()).holds
  } catch {
    return true
  }
}
