import type { Step } from '../../core/step.js'
import type { RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import type { Stage } from '../timeline/play-run.js'
import { handlersOf, notices } from './handlers.js'
import { takeBack } from './owed.js'

/** They are owed anew, also where they ran for an earlier notification. */
export const notified = (run: RunContext, host: Host, stage: Stage, names: readonly string[]): void => {
  const { isOwed } = notices(run, host, stage, new Set(names))
  for (const handler of handlersOf(stage)) if (isOwed(handler)) host.handlersRun.delete(handler.id)
  for (const name of names) host.notified.add(name)
}

/** A handler ran: it is not owed any more, here or to the next run. */
export const handled = async ({ run, host, stage, step }: StepContext): Promise<void> => {
  host.handlersRun.set(step.id, 'done')
  await settle(run, host, doneOf(run, host, stage, step))
}

/** A rescue took over: what failed among the handlers was dealt with. */
export const rescued = async (run: RunContext, host: Host, stage: Stage): Promise<void> => {
  host.isRescued = false
  const failed = handlersOf(stage).filter(({ id }) => host.handlersRun.get(id) === 'begun')
  for (const { id } of failed) host.handlersRun.set(id, 'done')
  await settle(
    run,
    host,
    failed.flatMap(one => doneOf(run, host, stage, one)),
  )
}

/**
 * A notification is of its play, as in Ansible: what `meta: end_play` and its kin kept from its turn runs neither in the next play nor in the
 * next run. What an earlier run owed waits for the play that has it.
 */
export const playEnded = (run: RunContext, host: Host): Promise<void> => {
  for (const note of host.inherited) if (note.isTaken && host.notified.delete(note.name)) note.isTaken = false
  return settle(run, host, [...host.notified])
}

/** The notifications of which this handler was the last one to run. */
const doneOf = (run: RunContext, host: Host, stage: Stage, one: Step): readonly string[] =>
  notices(run, host, stage)
    .to(one)
    .filter(([, meant]) => meant.every(({ id }) => host.handlersRun.get(id) === 'done'))
    .map(([name]) => name)

const settle = async (run: RunContext, host: Host, names: readonly string[]): Promise<void> => {
  for (const name of names) host.notified.delete(name)
  if (names.length === 0 || run.input.check) return
  await takeBack(run, host, names)
}
