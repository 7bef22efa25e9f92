import type { Log } from '../lab/support/log.js'
import { reason } from '../lab/support/shell.js'

/** What a run of the bench made on this machine, to be removed in reverse order. */
export interface Undo {
  /** Registers a step; the same name counts once. */
  push(what: string, step: () => Promise<unknown>): void
  /** Runs all steps, also after a failed one; a second call does nothing. */
  unwind(): Promise<void>
}

export const undoList = (log: Log): Undo => {
  const steps: { readonly what: string; readonly step: () => Promise<unknown> }[] = []
  return {
    push: (what, step) => {
      if (!steps.some(known => known.what === what)) steps.push({ what, step })
    },
    unwind: async () => {
      for (let last = steps.pop(); last !== undefined; last = steps.pop()) {
        try {
          await last.step()
        } catch (error) {
          log(`${last.what} could not be taken away: ${reason(error)}`)
        }
      }
    },
  }
}
