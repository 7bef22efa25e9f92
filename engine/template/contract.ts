import type { ExpressionError, Scope } from '../core/expr.js'
import type { Source } from '../core/source.js'
import type { Dict, Key, Unknown, Value } from '../core/value.js'
import type { OperationError } from '../python/kinds.js'
import type { Budget } from './budget.js'
import type { SyntaxOptions } from './syntax/token.js'
import type { Truth } from './values/compare.js'
import type { Signature } from './values/signature.js'

/*
 * Interfaces between the parts of the template engine. A filter gets an environment, which holds all filters, and the environment caches
 * compiled code, which calls filters: without these interfaces the files would import one another in a circle.
 */

/** What a filter, test, lookup or function gets beside its arguments. */
export interface Call {
  readonly env: TemplateEnv
  readonly budget: Budget
  readonly scope: Scope
  readonly source: Source | undefined
  /** A value for something missing. It may be passed on; whoever uses it fails with this message. */
  undefined(message: string, hint?: string): Value
  /** Another filter, by name: `map('upper')`. */
  filter(name: string, value: Value, args: readonly Value[], named?: NamedArguments): Value
  test(name: string, value: Value, args: readonly Value[], named?: NamedArguments): Truth
}

export type NamedArguments = ReadonlyMap<string, Value>

/**
 * How far a filter or test looks into its arguments, which decides when its result is unknown or a secret:
 * `deep`: at any depth; an unknown or a secret anywhere inside makes the result one (text, JSON, sums);
 * `shallow`: at the arguments themselves; their members are passed on as they are (first, length, combine);
 * `raw`: the filter deals with undefined, unknown and secret values itself (default, type_debug).
 */
export type Reach = 'deep' | 'shallow' | 'raw'

export interface Filter {
  readonly takes: Signature
  readonly reach: Reach
  readonly run: (value: Value, args: readonly Value[], call: Call) => Value
  /** Its cost does not grow with the length of a text: see `skimming`. */
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

/** A lookup on the controller. Its answer may be unknown while the run reads ahead. Whatever it throws becomes a 'lookup' error. */
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
  /** Lookups by Ansible's short names: file, template, env, pipe, … Those that need no controller are built in. */
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
  /** The source of a leaf inside a dict or a list that was read from a file. */
  readonly locate?: (container: readonly Value[] | Dict, key: Key) => Source | undefined
  readonly filters?: FilterTable
  readonly tests?: TestTable
  /** Functions and values beside range, dict, lookup, query, now, … */
  readonly globals?: { readonly [name: string]: Value }
  /** ms since the epoch. */
  readonly now?: () => number
  /** The user's home, for expanduser. */
  readonly home?: string
  /** The limits of one evaluation; by default 5 000 000 steps and 64 MiB. */
  readonly budget?: { readonly steps?: number; readonly bytes?: number }
}

/** All that templates can use, and the cache of compiled texts. One for a run. */
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

/** A compilation unit: a text, its source, and the syntax by which it is read. */
export interface Unit {
  readonly text: string
  readonly source: Source | undefined
  readonly syntax: SyntaxOptions
}

/** One evaluation of a compiled text, as compiled code sees it. */
export interface Evaluation extends Call {
  /** The text whose code runs now: that of an included file or of a macro's definition while these run. */
  unit: Unit
  /** The offset in that text of the operation that runs now, for the source of its error. */
  at: number
  /** How many includes are nested now. */
  includes: number
  /** An operation's error with its source: by default that of the operation that runs now. */
  error(cause: OperationError, unit?: Unit, at?: number): ExpressionError
}

/** The variables that a template itself sets, by block. */
export interface Locals {
  readonly evaluation: Evaluation
  get(name: string): Value | undefined
  set(name: string, value: Value): void
  /** The variables of a block inside this one: the block sees both, and its own end with it. */
  inner(): Locals
}

/** The compiled form of an expression. */
export type Eval = (locals: Locals) => Value

/** The compiled form of a statement: adds its pieces to `out`, and returns how it ended. */
export type Exec = (locals: Locals, out: Value[]) => Flow
export type Flow = undefined | 'break' | 'continue'

/** A compiled text. It holds offsets and no source, so that equal texts share it. */
export interface Program {
  readonly evaluate: Eval
  /** The free variables that the text mentions. */
  readonly names: readonly string[]
  /** Those of `names` whose absence is always an error: not guarded by default(), `is defined`, if, and, or. */
  readonly required: readonly string[]
  readonly constant: boolean
  /** Errors that do not prevent parsing (a filter that does not exist), with offsets. */
  readonly problems: readonly {
    readonly error: ExpressionError['message']
    readonly hint: string | undefined
    readonly at: number
  }[]
}
