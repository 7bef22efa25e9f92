import type { Answer } from '../../core/connection.js'
import { TkplayError } from '../../core/failure.js'
import { groupedBy } from '../../core/grouped.js'
import type { Read } from '../../core/module.js'
import { floodedBy } from '../machine/flooded.js'
import { isClusterWide, type Machine } from '../machine/machine.js'
import { timeoutOf } from '../machine/observations.js'
import type { EvaluatedStep, ReadAt } from './evaluate.js'
import { parseProbe } from './probe.js'

/** Whether all that the instance reads has been read, and nothing has changed since. */
export const isFresh = (evaluated: EvaluatedStep): boolean =>
  evaluated.reads.every(({ machine, planned }) => machine.isFresh(planned))

/** Reads what is not fresh, all hosts at once: one round trip for each host and user. */
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

/** Whatever it reads, wherever, may be another by now. */
export const outdate = (evaluated: EvaluatedStep): void => {
  for (const machine of machinesOf(evaluated)) machine.outdate()
}

/** What was done under other names of its machines counts from here on. */
export const catchUp = (evaluated: EvaluatedStep): void => {
  for (const machine of machinesOf(evaluated)) machine.catchUp()
}

export const isShared = (evaluated: EvaluatedStep): boolean =>
  [...machinesOf(evaluated)].some(machine => machine.isShared)

const machinesOf = ({ machine, reads }: EvaluatedStep): ReadonlySet<Machine> =>
  new Set([machine, ...reads.map(read => read.machine)])

/** What was last answered to each of its reads: the same answers are the same observation. */
export const answersTo = (evaluated: EvaluatedStep): readonly (Promise<Answer> | undefined)[] =>
  evaluated.reads.map(({ machine, planned }) => machine.answer(planned))

/**
 * What the instance's probe saw.
 * @throws TkplayError where a host could not be asked or a read took too long; ReadFailed where an answer does not say
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

/** Whether another host's change to the cluster may make its answers others. */
export const looksAtCluster = (evaluated: EvaluatedStep): boolean =>
  evaluated.reads.some(({ planned }) => isClusterWide(planned.read))
