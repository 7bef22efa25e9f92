import type { Value } from '../../core/value.js'
import { Opaque } from '../../python/kinds.js'
import type { Call } from '../contract.js'

export type BuiltInRun = (args: readonly Value[], named: ReadonlyMap<string, Value>, call: Call) => Value

/** A function of the engine itself. Unlike a Callable it gets the Call, and with it the environment and the scope. */
export class BuiltIn extends Opaque {
  readonly typeName = 'function'
  /** @param lenient takes undefined and unknown arguments as they are */
  constructor(
    readonly name: string,
    readonly lenient: boolean,
    readonly run: BuiltInRun,
  ) {
    super()
  }
  attribute(): undefined {
    return undefined
  }
  text(): string {
    return `<function ${this.name}>`
  }
}
