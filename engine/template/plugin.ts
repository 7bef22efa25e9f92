import type { Scope } from '../core/expr.js'
import type { Source } from '../core/source.js'
import type { Unknown, Value } from '../core/value.js'
import type { Budget } from './budget.js'
import type { TemplateEnv } from './env.js'
import type { Truth } from './values/compare.js'
import { type Signature, signature } from './values/signature.js'

/** What a filter, test, lookup or function may use beside its arguments. */
export interface Call {
  readonly env: TemplateEnv
  readonly budget: Budget
  readonly scope: Scope
  readonly source: Source | undefined
  /** A value that is not there: passed on until something uses it, which then fails with this message. */
  undefined(message: string, hint?: string): Value
  /** Another filter, by name: `map('upper')`. */
  filter(name: string, value: Value, args: readonly Value[], named?: ReadonlyMap<string, Value>): Value
  test(name: string, value: Value, args: readonly Value[], named?: ReadonlyMap<string, Value>): Truth
}

/**
 * How far a filter looks into its arguments, and so what spreads:
 * `deep`: all of them: an unknown or a secret anywhere inside makes the result one (text, JSON, sums);
 * `shallow`: only what was handed over itself: the members keep what they are (first, length, combine);
 * `raw`: it deals with undefined, unknown and secret values itself (default, type_debug).
 */
export type Reach = 'deep' | 'shallow' | 'raw'

export interface Filter {
  readonly takes: Signature
  readonly reach: Reach
  readonly run: (value: Value, args: readonly Value[], call: Call) => Value
  /** It does not look at each character of a text. */
  readonly skims?: true
}

export interface Test {
  readonly takes: Signature
  readonly reach: Reach
  readonly run: (value: Value, args: readonly Value[], call: Call) => Truth
}

export interface Lookup {
  readonly run: (terms: readonly Value[], named: ReadonlyMap<string, Value>, call: Call) => readonly Value[] | Unknown
}

/** A filter that looks at no character of a text, or only as fast as memory is read. */
export const skimming = (one: Filter): Filter => ({ ...one, skims: true })

export type FilterTable = { readonly [name: string]: Filter }
export type TestTable = { readonly [name: string]: Test }

/** @param takes the parameters after the value: `width=80 *more` (defaults are JSON) */
export const filter = (takes: string, run: Filter['run'], reach: Reach = 'deep'): Filter => ({
  takes: signature(takes),
  run,
  reach,
})

export const test = (takes: string, run: Test['run'], reach: Reach = 'deep'): Test => ({
  takes: signature(takes),
  run,
  reach,
})
