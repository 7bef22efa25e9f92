import { ExpressionError, type Scope } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import { type Unknown, Unsafe, type Value } from '../../core/value.js'
import { asValue, OperationError, Undefined, UnknownSignal } from '../../python/kinds.js'
import { Budget } from '../budget.js'
import type { TemplateEnv } from '../env.js'
import type { Call } from '../plugin.js'
import type { SyntaxOptions } from '../syntax/token.js'
import type { Truth } from '../values/compare.js'
import { applyFilter, applyTest } from './apply.js'

/** One text that was compiled, at one place. */
export interface Unit {
  readonly text: string
  readonly source: Source | undefined
  readonly syntax: SyntaxOptions
}

/** One evaluation: its variables, what it may still use, and where it stands. */
export class Run implements Call {
  readonly budget: Budget
  /** How deep files include each other just now. */
  includes = 0
  /** Offset of the operation at work, for the place of its error. */
  at = 0

  constructor(
    readonly env: TemplateEnv,
    readonly scope: Scope,
    public unit: Unit,
  ) {
    this.budget = new Budget(env.limits)
  }

  get source(): Source | undefined {
    return placeOf(this.unit, this.at)
  }

  filter(name: string, value: Value, args: readonly Value[], named: ReadonlyMap<string, Value> = noNames): Value {
    return applyFilter(this, name, value, args, named)
  }

  test(name: string, value: Value, args: readonly Value[], named: ReadonlyMap<string, Value> = noNames): Truth {
    return applyTest(this, name, value, args, named)
  }

  undefined(message: string, hint?: string): Value {
    const { unit, at } = this
    return asValue(new Undefined(() => this.error(new OperationError(message, 'undefined', hint), unit, at), ''))
  }

  /** An operation's error with its place. */
  error(cause: OperationError, unit: Unit = this.unit, at: number = this.at): ExpressionError {
    return new ExpressionError(
      `${cause.message} in «${excerpt(unit.text, at)}»`,
      placeOf(unit, at),
      cause.hint,
      cause.code,
    )
  }

  /** What an error thrown inside of an evaluation means: an unknown, or the error to hand out. */
  caught(error: unknown): Unknown {
    if (error instanceof UnknownSignal) return error.unknown
    if (error instanceof OperationError) throw this.error(error)
    if (error instanceof RangeError) {
      throw this.error(new OperationError(`too large or too deep (${error.message})`, 'budget'))
    }
    throw error
  }
}

export const noNames: ReadonlyMap<string, Value> = new Map()

/** The variables that the template itself sets, innermost first. */
export class Frame {
  vars: Map<string, Value> | undefined
  constructor(
    readonly run: Run,
    readonly parent?: Frame,
  ) {}

  get(name: string): Value | undefined {
    const found = this.vars?.get(name)
    return found !== undefined || this.parent === undefined ? found : this.parent.get(name)
  }

  set(name: string, value: Value): void {
    this.vars ??= new Map()
    this.vars.set(name, value)
  }
}

/** Line and column of an offset; later lines count their columns from the start of the line. */
export const placeOf = ({ text, source }: Unit, at: number): Source | undefined => {
  if (source === undefined) return undefined
  const before = text.slice(0, at)
  const newlines = before.split('\n').length - 1
  return newlines === 0
    ? { ...source, col: source.col + at }
    : { ...source, line: source.line + newlines, col: at - before.lastIndexOf('\n') }
}

const WIDTH = 100

/** The line that an offset stands in, shortened around it. */
const excerpt = (text: string, at: number): string => {
  const from = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1
  const end = text.indexOf('\n', at)
  const line = text.slice(from, end === -1 ? undefined : end)
  if (line.length <= WIDTH) return line.trim()
  const start = Math.max(0, Math.min(at - from - WIDTH / 2, line.length - WIDTH))
  return `${start > 0 ? '…' : ''}${line.slice(start, start + WIDTH).trim()}${start + WIDTH < line.length ? '…' : ''}`
}

/** A variable's value as templates see it. */
export const loaded = (value: Value): Value => (value instanceof Unsafe ? value.text : value)
