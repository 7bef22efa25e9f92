import type { TemplateExpr } from '../../template/index.js'

/** An expression that a step evaluates, for finding names that nothing defines. */
export interface VariableUse {
  readonly expr: TemplateExpr
  /** It cannot but be evaluated. */
  readonly certain: boolean
  /** Names that the conditions before it mention: where they are undefined it is not asked for. */
  readonly guards: ReadonlySet<string>
}

/** Where variables are asked for, in the order of the plays. */
export class VariableUses {
  readonly #all: VariableUse[] = []
  #openFrom = Number.POSITIVE_INFINITY

  get all(): readonly VariableUse[] {
    return this.#all
  }

  /** Whether names may be defined somewhere that cannot be told before running. */
  get isOpen(): boolean {
    return this.#openFrom < Number.POSITIVE_INFINITY
  }

  /** Whether such names may be defined by the time of this one of the uses. */
  isOpenAt(index: number): boolean {
    return index >= this.#openFrom
  }

  add(uses: readonly VariableUse[]): void {
    this.#all.push(...uses)
  }

  /** Names that cannot be told may be defined from this one of the uses on. */
  openFrom(index: number): void {
    this.#openFrom = Math.min(this.#openFrom, index)
  }
}
