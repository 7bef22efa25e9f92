import type { Answer } from '../../core/connection.js'
import { TkplayError } from '../../core/failure.js'
import { groupedBy } from '../../core/grouped.js'
import type { Read } from '../../core/module.js'
import { floodedBy } from '../machine/flooded.js'
import { isClusterWide, type Machine } from '../machine/machine.js'
import { timeoutOf } from '../machine/observations.js'
import type { EvaluatedStep, ReadAt } from './evaluate.js'
import { parseProbe } from './probe.js'

/** Whether the answers to all reads of the step are fresh. */
export const isFresh = (evaluated: EvaluatedStep): boolean =>
  evaluated.reads.every(({ machine, planned }) => machine.isFresh(planned))

/** Sends all reads that are not fresh, to all machines at once: one round trip for each machine and user. */
export const observeAll = async (
  instances: readonly EvaluatedStep[],
  more: readonly ReadAt[] = [],
  signal?: AbortSignal,
): Promise<void> => {
  const byMachine = groupedBy([...more, ...instances.flatMap(one => one.reads)], ({ machine }) => machine)
  await Promise.all(
    [...byMachine].map(([machine, reads]) =>
      machine.observe(
        reads.map(({ planned }) => planned),
        signal,
      ),
    ),
  )
}

/** Marks all observations of the step's machines as stale. */
export const outdate = (evaluated: EvaluatedStep): void => {
  for (const machine of machinesOf(evaluated)) machine.outdate()
}

/** Takes changes under other names of the step's machines into account. */
export const catchUp = (evaluated: EvaluatedStep): void => {
  for (const machine of machinesOf(evaluated)) machine.catchUp()
}

export const isShared = (evaluated: EvaluatedStep): boolean =>
  [...machinesOf(evaluated)].some(machine => machine.isShared)

const machinesOf = ({ machine, reads }: EvaluatedStep): ReadonlySet<Machine> =>
  new Set([machine, ...reads.map(read => read.machine)])

/** The last answers to the step's reads; equal answers mean the same observation. */
export const answersTo = (evaluated: EvaluatedStep): readonly (Promise<Answer> | undefined)[] =>
  evaluated.reads.map(({ machine, planned }) => machine.answer(planned))

/**
 * The observation of the step, as its probe parses it.
 * @throws TkplayError where a host is unreachable or a read took too long; ReadFailed where an answer does not tell the
 *   state
 */
export const seenBy = async (evaluated: EvaluatedStep): Promise<unknown> => {
  const answers = new Map<Read<unknown>, Answer>()
  for (const { machine, planned } of evaluated.reads) {
    const answer = await machine.answer(planned)
    if (answer === undefined) throw new Error(`${machine.name}: a read was planned but never sent`)
    if (answer.timedOut) {
      throw new TkplayError({ kind: 'timeout', command: planned.read.sh, ms: timeoutOf(planned), reads: true })
    }
    if (answer.flooded === true) throw floodedBy(planned.read.sh)
    answers.set(planned.read, answer)
  }
  return parseProbe(evaluated.probe, read => answers.get(read) as Answer)
}

/** Whether the step reads the cluster, which changes on other hosts may affect. */
export const readsCluster = (evaluated: EvaluatedStep): boolean =>
  evaluated.reads.some(({ planned }) => isClusterWide(planned.read))
