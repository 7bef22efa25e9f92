import type { Expr } from './expr.js'
import type { Source } from './source.js'
import type { Unknown, Value } from './value.js'

/**
 * The value of a variable in one layer. Strings inside `value` are templates, rendered when the variable is used on a host,
 * except where they are `Unsafe` or the binding is `data`.
 */
export interface Binding {
  readonly value: Value
  readonly source?: Source
  /** Facts, registered results and other values from hosts: not templates. */
  readonly data?: true
  /** Computes the value from the other variables of the scope; `value` is not used then. */
  readonly made?: Expr
}

/** Variables from one source. The layer of highest rank that has a name wins; among equal ranks, the later layer. */
export interface Layer {
  readonly rank: number
  /** The source as `explain` shows it: `group_vars/all.yml`, `play vars`, `set_fact`. */
  readonly name: string
  readonly bindings: ReadonlyMap<string, Binding>
  /** Contains predictions for steps that are read ahead; see `Scope.ahead`. */
  readonly ahead?: true
  /** The layer may have more variables, whose names are not known yet. */
  readonly open?: Unknown
}

/** Ansible's precedence of variables, lowest first. Source: «Understanding variable precedence» in Ansible's documentation. */
export const rank = {
  connection: -1,
  settings: 0,
  roleDefaults: 2,
  inventoryGroupAll: 3,
  groupVarsAllInventory: 4,
  groupVarsAllPlaybook: 5,
  inventoryGroup: 5.5,
  groupVarsInventory: 6,
  groupVarsPlaybook: 7,
  inventoryHost: 8,
  hostVarsInventory: 9,
  hostVarsPlaybook: 10,
  facts: 11,
  playVars: 12,
  prompts: 13,
  varsFiles: 14,
  roleVars: 15,
  blockVars: 16,
  taskVars: 17,
  includeVars: 18,
  registered: 19,
  roleParams: 20,
  includeParams: 21,
  loop: 21.5,
  extra: 22,
  magic: 23,
} as const

/** The binding of a name in layers of any order: the highest rank wins, among equal ranks the later layer. */
export const winning = (name: string, layers: readonly Layer[]): Binding | undefined => {
  let best: Layer | undefined
  for (const layer of layers)
    if (layer.bindings.has(name) && (best === undefined || layer.rank >= best.rank)) best = layer
  return best?.bindings.get(name)
}

export const isVariableName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name)

/** The hint for an invalid name. */
export const variableNames = 'a name has letters, digits and _, and no digit first'
