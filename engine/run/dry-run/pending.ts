import type { Look } from '../../core/module.js'
import { mayDiffer, type Writes } from './path-overlap.js'

/** A step that would change its host, or may change it. */
export interface PendingStep {
  readonly name: string
  readonly writes: Writes
  /** The parts of files that it changes, as in `Module.parts`. */
  readonly parts?: readonly string[] | undefined
  /** A file, and its whole text after the step. */
  readonly text?: { readonly path: string; readonly text: string } | undefined
  readonly certain: boolean
}

/** Dry run: the pending steps of each machine. */
export class Pending {
  readonly #byMachine = new Map<string, PendingStep[]>()

  note(machineId: string, step: PendingStep): void {
    const known = this.#byMachine.get(machineId) ?? []
    this.#byMachine.set(machineId, known)
    known.push(step)
  }

  /** The pending steps of these machines, or of all, machine by machine. */
  all(machineIds: Iterable<string> = this.#byMachine.keys()): readonly PendingStep[] {
    return [...machineIds].flatMap(id => this.#byMachine.get(id) ?? [])
  }

  /**
   * The name of a pending step that may change what was read.
   * @param parts the parts that the look is about; steps with other parts do not touch them
   */
  over(machineId: string, look: Look, parts?: readonly string[]): string | undefined {
    const steps = this.#byMachine
      .get(machineId)
      ?.filter(step => !isApart(parts, step.parts) && mayDiffer(look, step.writes))
    return named(steps ?? [])?.name
  }

  /** The text that a file will have: where the last step that writes it is certain, and tells the text. */
  textAt(machineId: string, path: string): string | undefined {
    const last = this.#byMachine
      .get(machineId)
      ?.findLast(({ writes }) => mayDiffer({ at: [path], absent: false }, writes))
    return last?.certain === true && last.text?.path === path ? last.text.text : undefined
  }
}

const isApart = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  one !== undefined && other !== undefined && !one.some(part => other.includes(part))

/** The step to name as the reason: the last one that certainly changes something, or else the first. */
export const named = (steps: readonly PendingStep[]): PendingStep | undefined =>
  steps.findLast(({ certain }) => certain) ?? steps[0]

/**
 * The name of the step that brings what is missing: one that writes its paths, or else one that may change anything. A
 * step that writes other paths is named only where the paths are not known.
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
