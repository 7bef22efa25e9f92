import { Unsafe, type Value } from '../core/value.js'
import { OperationError } from '../python/kinds.js'

/** What one evaluation may still use. Whoever loops or makes a long value charges it before. */
export class Budget {
  #steps: number
  #bytes: number
  constructor(readonly limits: { readonly steps: number; readonly bytes: number }) {
    this.#steps = limits.steps
    this.#bytes = limits.bytes
  }

  /** Charges for steps: an iteration of a loop, a call. @throws OperationError 'budget' */
  step(count = 1): void {
    this.#steps -= count
    if (!(this.#steps >= 0)) throw this.#exhausted(`more than ${this.limits.steps} steps`)
  }

  /** Charges for bytes, before they are allocated. @throws OperationError 'budget' */
  grow(bytes: number): void {
    this.#bytes -= bytes
    if (!(this.#bytes >= 0)) throw this.#exhausted(`values larger than ${this.limits.bytes} bytes in all`)
  }

  /**
   * Charges for a look at each member of a list or dict. A value may hold the same list many times, so that it has far more members
   * than it takes memory: only code that walks through it can count them. @throws OperationError 'budget'
   */
  visit(members: number): void {
    this.step(members / 8)
  }

  /** Charges for a look at each character of those values that are texts. @throws OperationError 'budget' */
  read(values: readonly Value[]): void {
    for (const value of values) this.visit(lengthOf(value))
  }

  /** Charges for copying or measuring texts, which is much faster than a look at each character. @throws OperationError 'budget' */
  skim(values: readonly Value[]): void {
    for (const value of values) this.step(lengthOf(value) / 1024)
  }

  /** Charges for a text that was just made, and returns it. */
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
