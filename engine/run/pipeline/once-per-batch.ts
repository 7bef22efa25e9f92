import { onceInBatch } from '../control/pause.js'
import { asOfItsTurn } from '../schedule/wait-turn.js'
import { anyItemHolds } from '../variables/any-item-holds.js'
import { flag } from '../variables/conditions.js'
import type { Around } from './around.js'
import { type Outcome, passed } from './outcome.js'

/** `run_once`: one host of the batch runs the step, and all get its result. */
export const oncePerBatch: Around<Outcome> = async (context, next) => {
  const { run, host, stage, path, step } = context
  const isOnce = onceInBatch.has(step.module) || (step.runOnce !== undefined && flag(step.runOnce, context.scope()))
  if (!isOnce) return next(context)
  const holds = await asOfItsTurn(context, () => anyItemHolds(step, over => context.scope(over)))
  const arrival = { step, batch: stage.hosts.batch, host: host.name, path, holds }
  const shared = await run.runOnce.forAll(
    arrival,
    () => next(context),
    wait => host.slot.releaseWhile(wait),
  )
  if (shared.isMine) return shared.outcome
  // The runner may have been kept from the step; then there is no result to share.
  return shared.outcome?.kind === 'done' ? { kind: 'shared', ended: shared.outcome.ended } : passed
}
