import type { TemplateExpr } from '../../template/index.js'

/** An expression that a step evaluates, for finding names that nothing defines. */
export interface VariableUse {
  readonly expr: TemplateExpr
  /** The step is certain to evaluate it. */
  readonly certain: boolean
  /** Names in the conditions before it, which may be there to skip the step where a name is undefined. */
  readonly guards: ReadonlySet<string>
}

/** The uses of variables, in the order of the plays. */
export class VariableUses {
  readonly #all: VariableUse[] = []
  #openFrom = Number.POSITIVE_INFINITY

  get all(): readonly VariableUse[] {
    return this.#all
  }

  /** Whether names may be defined that are not known before the run. */
  get isOpen(): boolean {
    return this.#openFrom < Number.POSITIVE_INFINITY
  }

  /** Whether such names may be defined before the use with this index. */
  isOpenAt(index: number): boolean {
    return index >= this.#openFrom
  }

  add(uses: readonly VariableUse[]): void {
    this.#all.push(...uses)
  }

  /** Notes that such names may be defined from the use with this index on. */
  openFrom(index: number): void {
    this.#openFrom = Math.min(this.#openFrom, index)
  }
}
