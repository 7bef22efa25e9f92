import { Unsafe, type Value } from '../core/value.js'
import { OperationError } from '../python/kinds.js'

/** What one evaluation may use. Passed along so that every producer of long values can say what it makes. */
export class Budget {
  #steps: number
  #bytes: number
  constructor(readonly limits: { readonly steps: number; readonly bytes: number }) {
    this.#steps = limits.steps
    this.#bytes = limits.bytes
  }

  /** Takes steps: a turn of a loop, a call. @throws OperationError 'budget' */
  step(count = 1): void {
    this.#steps -= count
    if (!(this.#steps >= 0)) throw this.#exhausted(`more than ${this.limits.steps} steps`)
  }

  /** Takes bytes, before they are made. @throws OperationError 'budget' */
  grow(bytes: number): void {
    this.#bytes -= bytes
    if (!(this.#bytes >= 0)) throw this.#exhausted(`values larger than ${this.limits.bytes} bytes in all`)
  }

  /**
   * Takes what a look at each member of a list or dict costs. A value can hold the same list many times over, so that it is
   * larger than the memory it takes: only those who walk through it can say how large. @throws OperationError 'budget'
   */
  visit(members: number): void {
    this.step(members / 8)
  }

  /** Takes what a look at each character of the texts among the values costs. @throws OperationError 'budget' */
  read(values: readonly Value[]): void {
    for (const value of values) this.visit(lengthOf(value))
  }

  /** Takes what it costs to ask a text how long it is, or what it begins with. @throws OperationError 'budget' */
  skim(values: readonly Value[]): void {
    for (const value of values) this.step(lengthOf(value) / 1024)
  }

  /** A text that was just made, charged. */
  grown(text: string): string {
    this.grow(text.length)
    return text
  }

  #exhausted(what: string): OperationError {
    return new OperationError(`the template needs ${what}`, 'budget', 'it may loop over far more than was meant')
  }
}

const lengthOf = (value: Value): number =>
  typeof value === 'string' ? value.length : value instanceof Unsafe ? value.text.length : 0
