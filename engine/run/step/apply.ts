import { type Failure, TkplayError } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import type { Change } from '../../core/module.js'
import type { StepContext } from '../context.js'
import { failureOf } from '../failure/failures.js'
import { writeToJournal } from '../handlers/journal.js'
import { openSession } from '../machine/session.js'
import type { EvaluatedStep } from './evaluate.js'
import { type PlanResult, planAgain } from './plan.js'
import { isHarmless } from './prediction.js'

type Applied =
  | { readonly changes: readonly Change[]; readonly seen: unknown; readonly values: readonly Json[] }
  | { readonly changes: readonly Change[]; readonly failure: Failure }
  | { readonly overtaken: PlanResult }

/**
 * Applies the plan under the machine's lock. The plan is made again there, since other hosts may have changed the
 * machine meanwhile.
 */
export const apply = async (context: StepContext, evaluated: EvaluatedStep): Promise<Applied> => {
  const { host, run, step } = context
  const done = await evaluated.machine.applying(evaluated.moduleKind === 'state', async (): Promise<Applied> => {
    const now = await planAgain(context, evaluated)
    if (now.kind === 'settled' || !('changes' in now.plan)) return { overtaken: now }
    const { changes } = now.plan
    const work = () => carryOut(context, evaluated, changes)
    // A command that is declared not to change anything keeps observations fresh. A state that differs is always a
    // change.
    const quiet = evaluated.moduleKind === 'action' && isHarmless(step, evaluated)
    if (!quiet) host.changed()
    return { changes, seen: now.seen, ...(quiet ? await work() : await evaluated.machine.changing(work)) }
  })
  if ('overtaken' in done) return done
  if (evaluated.module.affects === 'cluster') run.epochs.raiseCluster()
  if (evaluated.module.newSession === true) evaluated.machine.reopen()
  if ('failure' in done && done.failure.kind === 'unreachable') throw new TkplayError(done.failure)
  return done
}

/**
 * Whether the first Ctrl-C ends the step: a user's command on this machine, as in a shell, and a module that only
 * waits. All other steps are finished, so that no host is left half changed.
 */
const endsAtOnce = ({ module, machine }: EvaluatedStep): boolean =>
  module.name === 'wait_for' || ((module.name === 'command' || module.name === 'shell') && machine.isHere)

/** Applies the changes one after the other. Notifications are written to the journal first. */
const carryOut = async (
  context: StepContext,
  evaluated: EvaluatedStep,
  changes: readonly Change[],
): Promise<{ readonly values: readonly Json[] } | { readonly failure: Failure }> => {
  const { run, host, step, name } = context
  run.emit({ kind: 'step-started', host: host.name, step: name })
  const session = openSession({
    machine: evaluated.machine,
    as: evaluated.as,
    env: evaluated.env,
    signal: endsAtOnce(evaluated) ? run.input.stopping : run.input.abort,
    shared: ref => run.shared.get(ref),
    progress: text => run.emit({ kind: 'step-progress', host: host.name, step: name, text }),
    ...(evaluated.limit === undefined ? {} : { timeout: evaluated.limit }),
  })
  const values: Json[] = []
  try {
    if (step.notify.length > 0) await writeToJournal(context, evaluated)
    for (const change of changes) {
      const value = await evaluated.module.apply(change, evaluated.params, session)
      if (value !== undefined) values.push(value as Json)
    }
    return { values }
  } catch (error) {
    return { failure: failureOf(error, step) }
  }
}
