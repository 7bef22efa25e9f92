import { NotObserved } from '../../core/failure.js'
import type { Probe, Raw, Read } from '../../core/module.js'

/** The reads of a probe, depth first. */
export const readsOf = (probe: Probe<unknown>): readonly Read<unknown>[] =>
  probe.kind === 'read' ? [probe] : Object.values(probe.of as { [key: string]: Probe<unknown> }).flatMap(readsOf)

export class ReadFailed extends Error {
  constructor(
    readonly read: Read<unknown>,
    readonly why: NotObserved,
  ) {
    super(why.message)
  }
}

/**
 * The observation, from the answers to a probe's reads.
 * @throws ReadFailed with the read whose answer does not tell the state
 */
export const parseProbe = (probe: Probe<unknown>, answer: (read: Read<unknown>) => Raw): unknown => {
  if (probe.kind === 'read') {
    try {
      return probe.parse(answer(probe))
    } catch (error) {
      if (error instanceof NotObserved) throw new ReadFailed(probe, error)
      throw error
    }
  }
  const parts = Object.entries(probe.of as { [key: string]: Probe<unknown> })
  return Object.fromEntries(parts.map(([name, part]) => [name, parseProbe(part, answer)]))
}
