import { ExpressionError, type Scope } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import type { Unknown, Value } from '../../core/value.js'
import { asValue, OperationError, Undefined, UnknownSignal } from '../../python/kinds.js'
import { Budget } from '../budget.js'
import type { Evaluation, NamedArguments, TemplateEnv, Unit } from '../contract.js'
import type { Truth } from '../values/compare.js'
import { applyFilter, applyTest } from './apply.js'
import { excerpt, sourceAt } from './source-at.js'

/** An evaluation of one text; created for each call of `evaluate`, since it counts what it uses. */
export class TemplateEvaluation implements Evaluation {
  readonly budget: Budget
  includes = 0
  at = 0

  constructor(
    readonly env: TemplateEnv,
    readonly scope: Scope,
    public unit: Unit,
  ) {
    this.budget = new Budget(env.limits)
  }

  get source(): Source | undefined {
    return sourceAt(this.unit, this.at)
  }

  filter(name: string, value: Value, args: readonly Value[], named: NamedArguments = noNames): Value {
    return applyFilter(this, name, value, args, named)
  }

  test(name: string, value: Value, args: readonly Value[], named: NamedArguments = noNames): Truth {
    return applyTest(this, name, value, args, named)
  }

  undefined(message: string, hint?: string): Value {
    const { unit, at } = this
    return asValue(new Undefined(() => this.error(new OperationError(message, 'undefined', hint), unit, at), ''))
  }

  error(cause: OperationError, unit: Unit = this.unit, at: number = this.at): ExpressionError {
    return new ExpressionError(
      `${cause.message} in «${excerpt(unit.text, at)}»`,
      sourceAt(unit, at),
      cause.hint,
      cause.code,
    )
  }

  /** Turns what an evaluation threw into its result where that is an unknown. @throws any other error, with its source */
  caught(error: unknown): Unknown {
    if (error instanceof UnknownSignal) return error.unknown
    if (error instanceof OperationError) throw this.error(error)
    if (error instanceof RangeError) {
      throw this.error(new OperationError(`too large or too deep (${error.message})`, 'budget'))
    }
    throw error
  }
}

export const noNames: NamedArguments = new Map()
