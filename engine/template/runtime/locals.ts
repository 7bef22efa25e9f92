import type { Value } from '../../core/value.js'
import type { Evaluation, Locals } from '../contract.js'

/** Variables of one block; what the block does not set is asked of the block around it. */
export class LocalVariables implements Locals {
  /** Created when the first variable is set: most blocks set none. */
  vars: Map<string, Value> | undefined
  constructor(
    readonly evaluation: Evaluation,
    readonly parent?: LocalVariables,
  ) {}

  get(name: string): Value | undefined {
    const found = this.vars?.get(name)
    return found !== undefined || this.parent === undefined ? found : this.parent.get(name)
  }

  set(name: string, value: Value): void {
    this.vars ??= new Map()
    this.vars.set(name, value)
  }

  inner(): LocalVariables {
    return new LocalVariables(this.evaluation, this)
  }
}
