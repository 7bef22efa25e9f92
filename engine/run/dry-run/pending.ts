import type { Look } from '../../core/module.js'
import { mayDiffer, type Writes } from './path-overlap.js'

/** A step that would change its host, or of which that is not known. */
export interface PendingStep {
  readonly name: string
  readonly writes: Writes
  /** The parts of what it writes that it changes, where it leaves alone all others. */
  readonly parts?: readonly string[] | undefined
  /** The whole text that it leaves in a file. */
  readonly text?: { readonly path: string; readonly text: string } | undefined
  readonly certain: boolean
}

/** Dry run: what earlier steps would have changed, by machine. */
export class Pending {
  readonly #byMachine = new Map<string, PendingStep[]>()

  note(machineId: string, step: PendingStep): void {
    const known = this.#byMachine.get(machineId) ?? []
    this.#byMachine.set(machineId, known)
    known.push(step)
  }

  /** What is pending on these machines, or on all, in the order in which it is asked for. */
  all(machineIds: Iterable<string> = this.#byMachine.keys()): readonly PendingStep[] {
    return [...machineIds].flatMap(id => this.#byMachine.get(id) ?? [])
  }

  /**
   * The name of what may make the answer to a look another than today's.
   * @param parts what it is about, where steps with other parts leave that alone
   */
  over(machineId: string, look: Look, parts?: readonly string[]): string | undefined {
    const steps = this.#byMachine
      .get(machineId)
      ?.filter(step => !isApart(parts, step.parts) && mayDiffer(look, step.writes))
    return named(steps ?? [])?.name
  }

  /** The text that a file will hold, where the last step that writes it is certain to, and says what it leaves. */
  textAt(machineId: string, path: string): string | undefined {
    const last = this.#byMachine
      .get(machineId)
      ?.findLast(({ writes }) => mayDiffer({ at: [path], absent: false }, writes))
    return last?.certain === true && last.text?.path === path ? last.text.text : undefined
  }
}

const isApart = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  one !== undefined && other !== undefined && !one.some(part => other.includes(part))

/** What may change is named by what would change it, not by what only waits. */
export const named = (steps: readonly PendingStep[]): PendingStep | undefined =>
  steps.findLast(({ certain }) => certain) ?? steps[0]

/**
 * The name of what brings what is missing: what writes where it would be, or else what may change anything. A step that writes other
 * paths is named only where nobody knows where it would be.
 */
export const bringing = (steps: readonly PendingStep[], at: readonly string[] | undefined): string | undefined => {
  const writesThere = steps.filter(
    ({ writes }) => writes !== undefined && at !== undefined && mayDiffer({ at, absent: true }, writes),
  )
  const mayBring = [writesThere, steps.filter(({ writes }) => writes === undefined)]
  const ordered = [
    ...mayBring.map(some => some.findLast(({ certain }) => certain)),
    ...mayBring.map(some => some[0]),
    ...(at === undefined ? [named(steps)] : []),
  ]
  return ordered.find(step => step !== undefined)?.name
}
