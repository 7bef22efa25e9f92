import type { StepName } from '../../core/event.js'
import type { Step } from '../../core/step.js'
import type { RunContext } from '../context.js'
import type { Host } from '../host.js'
import { CalledOff, Interrupted } from '../timeline/interrupted.js'
import type { Path } from '../timeline/path.js'
import type { Stage } from '../timeline/play-run.js'

/** Whose turn it may be, and what the gate is asked for: the step's place, or its batch's where effects need no order. */
export interface Waiting {
  readonly run: RunContext
  readonly host: Host
  readonly stage: Stage
  readonly order: Path
}

/** One step's turn on one host for one item. */
export interface Turn extends Waiting {
  readonly step: Step
  readonly name: StepName
  /** The handlers that it notifies if it changes something. @throws ExpressionError where the play has no such handler */
  readonly notify: () => readonly string[]
  readonly timeout: number | undefined
}

/** @throws Interrupted where the run ends meanwhile, CalledOff where the host is to go elsewhere */
export const turnCome = async ({ run, host, stage, order }: Waiting): Promise<void> => {
  if (!run.gate.isTurn(order)) await host.slot.waiting(run.gate.turn(order))
  if (run.input.stopping.aborted) throw new Interrupted()
  const { ended, doomed } = stage.state
  if (ended || doomed.has(host.name) || run.isGivenUp(stage)) throw new CalledOff()
}

/**
 * Evaluates ahead of the order of effects, as reads do. What turns out to hang on another host's variables counts only when all
 * that comes before is done there too: it is evaluated again then.
 * @param evaluate makes its own scope, which keeps what it saw
 */
export const asOfItsTurn = async <T>(waiting: Waiting, evaluate: () => T | Promise<T>): Promise<T> => {
  const { run, host, order } = waiting
  const before = host.looksElsewhere
  const early = await settled(evaluate)
  if (host.looksElsewhere === before || run.gate.isTurn(order)) return early()
  await turnCome(waiting)
  return evaluate()
}

/** What came of it, to be returned or thrown later. */
const settled = async <T>(evaluate: () => T | Promise<T>): Promise<() => T> => {
  try {
    const value = await evaluate()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
