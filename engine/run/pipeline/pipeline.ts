import type { RoleUse } from '../../core/step.js'
import type { StepContext } from '../context.js'
import { enterRole } from '../control/role.js'
import type { Result } from '../step/result.js'
import { afterStart } from './after-start.js'
import { type Around, around, type Next } from './around.js'
import { attempt } from './attempt.js'
import { caught } from './caught.js'
import { confirmed } from './confirmed.js'
import { eachItem } from './each-item.js'
import { includes, metaSteps } from './flow-steps.js'
import { handlerBegun, handlerNotified } from './handler-turn.js'
import { oncePerBatch } from './once-per-batch.js'
import { moved, type Outcome } from './outcome.js'
import { perhapsReached } from './perhaps-reached.js'
import { refusedFirst } from './refused-first.js'
import { reported } from './reported.js'
import { retriedWhenUnreachable } from './retried-when-unreachable.js'
import { selectedByTags } from './selected-by-tags.js'
import { throttled } from './throttled.js'
import { untilHolds } from './until-holds.js'

/** The wrappers that decide whether and when a host runs a step; the first is the outermost. */
const aroundStep: readonly Around<Outcome>[] = [
  refusedFirst,
  handlerNotified,
  selectedByTags,
  afterStart,
  metaSteps,
  confirmed,
  handlerBegun,
  includes,
  perhapsReached,
  oncePerBatch,
  throttled,
]

/**
 * The wrappers that decide how often a step is tried: for each item, until its condition holds, and again for a host
 * that was unreachable early.
 */
const aroundAttempt: readonly Around<Result>[] = [caught, eachItem, untilHolds, retriedWhenUnreachable]

/** Runs one step on one host. In the middle: evaluate → observe → plan → apply → observe again. */
export const runStep: Next<Outcome> = around(aroundStep, reported(around(aroundAttempt, attempt)))

/** Expands a TypeScript role on one host. */
export const runRole = (context: StepContext, use: RoleUse): Promise<Outcome> =>
  refusedFirst(context, async () => {
    await enterRole(context, use)
    return moved
  })
