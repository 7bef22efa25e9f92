import type { Scope } from '../core/expr.js'
import type { Source } from '../core/source.js'
import type { Dict, Key, Unknown, Value } from '../core/value.js'
import { filters } from './filters/index.js'
import { globals } from './globals.js'
import { lookups } from './lookups/index.js'
import type { Filter, Lookup, Test } from './plugin.js'
import type { Program } from './program.js'
import { tests } from './tests/index.js'

/** Looks something up on the controller; may answer that it is not known yet (read-ahead). Whatever it throws becomes a 'lookup' error. */
export type ControllerLookup = (
  terms: readonly Value[],
  named: ReadonlyMap<string, Value>,
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
  /** The place of a leaf inside a dict or a list that was read from a file. */
  readonly locate?: (container: readonly Value[] | Dict, key: Key) => Source | undefined
  readonly filters?: { readonly [name: string]: Filter }
  readonly tests?: { readonly [name: string]: Test }
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

export const templateEnv = (options: TemplateEnvOptions = {}): TemplateEnv => ({
  filters: new Map([...Object.entries(filters), ...Object.entries(options.filters ?? {})]),
  tests: new Map([...Object.entries(tests), ...Object.entries(options.tests ?? {})]),
  lookups: new Map([...Object.entries(lookups), ...controllerLookups(options)]),
  globals: new Map([...Object.entries(globals), ...Object.entries(options.globals ?? {})]),
  options,
  limits: { steps: options.budget?.steps ?? 5_000_000, bytes: options.budget?.bytes ?? 64 << 20 },
  cache: new Map(),
  now: options.now ?? Date.now,
})

const controllerLookups = (options: TemplateEnvOptions): (readonly [string, Lookup])[] =>
  Object.entries(options.lookups ?? {}).map(([name, look]) => [
    name,
    { run: (terms, named, { source, scope }) => look(terms, named, { source, scope }) },
  ])

const collections = /^(?:ansible\.(?:builtin|legacy|utils|netcommon|posix)|community\.general)\./

/** A plugin's name without the collection that it comes from in Ansible. */
export const shortName = (name: string): string => name.replace(collections, '')
