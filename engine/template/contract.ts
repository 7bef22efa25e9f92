import type { ExpressionError, Scope } from '../core/expr.js'
import type { Source } from '../core/source.js'
import type { Dict, Key, Unknown, Value } from '../core/value.js'
import type { OperationError } from '../python/kinds.js'
import type { Budget } from './budget.js'
import type { SyntaxOptions } from './syntax/token.js'
import type { Truth } from './values/compare.js'
import type { Signature } from './values/signature.js'

/*
 * What the parts of the template engine know of one another. Filters are given an environment that holds all filters, and compiled code is
 * kept in that environment: without interfaces here, each file would import the one that imports it.
 */

/** What a filter, test, lookup or function may use beside its arguments. */
export interface Call {
  readonly env: TemplateEnv
  readonly budget: Budget
  readonly scope: Scope
  readonly source: Source | undefined
  /** A value that is not there: passed on until something uses it, which then fails with this message. */
  undefined(message: string, hint?: string): Value
  /** Another filter, by name: `map('upper')`. */
  filter(name: string, value: Value, args: readonly Value[], named?: NamedArguments): Value
  test(name: string, value: Value, args: readonly Value[], named?: NamedArguments): Truth
}

export type NamedArguments = ReadonlyMap<string, Value>

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
  readonly run: (terms: readonly Value[], named: NamedArguments, call: Call) => readonly Value[] | Unknown
}

export type FilterTable = { readonly [name: string]: Filter }
export type TestTable = { readonly [name: string]: Test }
export type LookupTable = { readonly [name: string]: Lookup }

/** Looks something up on the controller; may answer that it is not known yet (read-ahead). Whatever it throws becomes a 'lookup' error. */
export type ControllerLookup = (
  terms: readonly Value[],
  named: NamedArguments,
  at: { readonly source: Source | undefined; readonly scope: Scope },
) => readonly Value[] | Unknown

export interface ControllerFiles {
  exists(path: string): boolean
  kind(path: string): 'file' | 'directory' | 'link' | 'mount' | 'other' | undefined
}

export interface TemplateEnvOptions {
  /** By Ansible's short names: file, template, env, pipe, … Those that need no controller are built in. */
  readonly lookups?: { readonly [name: string]: ControllerLookup }
  /** For the tests file, directory, exists, link. */
  readonly files?: ControllerFiles
  /** For include and import in template files; undefined where there is no such file. */
  readonly include?: (
    name: string,
    from: string | undefined,
  ) => { readonly text: string; readonly file: string } | undefined
  /** For from_yaml and from_yaml_all. */
  readonly parseYaml?: (text: string) => Value
  readonly parseYamlAll?: (text: string) => readonly Value[]
  /** Where a leaf inside a dict or a list that was read from a file is written. */
  readonly locate?: (container: readonly Value[] | Dict, key: Key) => Source | undefined
  readonly filters?: FilterTable
  readonly tests?: TestTable
  /** Functions and values beside range, dict, lookup, query, now, … */
  readonly globals?: { readonly [name: string]: Value }
  /** ms since the epoch. */
  readonly now?: () => number
  /** The user's home, for expanduser. */
  readonly home?: string
  /** What one evaluation may use; 5 000 000 steps and 64 MiB unless told. */
  readonly budget?: { readonly steps?: number; readonly bytes?: number }
}

/** What templates can reach, and the cache of what was compiled. One for a run. */
export interface TemplateEnv {
  readonly filters: ReadonlyMap<string, Filter>
  readonly tests: ReadonlyMap<string, Test>
  readonly lookups: ReadonlyMap<string, Lookup>
  readonly globals: ReadonlyMap<string, Value>
  readonly options: TemplateEnvOptions
  readonly limits: { readonly steps: number; readonly bytes: number }
  readonly cache: Map<string, Program>
  now(): number
}

/** A text to compile: where it is written, and by which delimiters it is read. */
export interface Unit {
  readonly text: string
  readonly source: Source | undefined
  readonly syntax: SyntaxOptions
}

/** One evaluation of a compiled text, as the compiled code sees it. */
export interface Evaluation extends Call {
  /** The text at work: an included file or the place of a macro's definition for as long as their code runs. */
  unit: Unit
  /** Offset in that text of the operation at work, for the source of its error. */
  at: number
  /** How deep files include each other just now. */
  includes: number
  /** An operation's error with its source; what is at work unless told. */
  error(cause: OperationError, unit?: Unit, at?: number): ExpressionError
}

/** The variables that a template itself sets, innermost block first. */
export interface Locals {
  readonly evaluation: Evaluation
  get(name: string): Value | undefined
  set(name: string, value: Value): void
  /** For a block whose variables end with it; it sees these ones too. */
  inner(): Locals
}

/** What one expression compiles to. */
export type Eval = (locals: Locals) => Value

/** What a statement compiles to: puts out its pieces, and tells how it ended. */
export type Exec = (locals: Locals, out: Value[]) => Flow
export type Flow = undefined | 'break' | 'continue'

/** A text that was compiled. Knows nothing of where the text is written, so that equal texts share it. */
export interface Program {
  readonly evaluate: Eval
  /** Free variables it mentions. */
  readonly names: readonly string[]
  /** Those of them whose absence is an error whenever it is evaluated: not guarded by default(), `is defined`, if, and, or. */
  readonly required: readonly string[]
  readonly constant: boolean
  /** What is wrong with it though it can be parsed (a filter that does not exist), with offsets. */
  readonly problems: readonly {
    readonly error: ExpressionError['message']
    readonly hint: string | undefined
    readonly at: number
  }[]
}
