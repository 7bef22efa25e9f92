import type { Expr } from './expr.js'
import type { Source } from './source.js'
import type { Unknown, Value } from './value.js'

/**
 * A variable as some layer gives it. The strings inside `value` are templates, rendered each time the variable is first
 * used on a host, unless they are `Unsafe` or the whole binding is `data` (facts, registers, what came from a host).
 */
export interface Binding {
  readonly value: Value
  readonly source?: Source
  readonly data?: true
  /** What gives the value, where it is made of the other variables of a scope. */
  readonly made?: Expr
}

/** Variables of one origin. Of the layers in sight, the highest rank that binds a name wins; equal ranks: the later layer. */
export interface Layer {
  readonly rank: number
  /** For `explain`: `group_vars/all.yml`, `play vars`, `set_fact`. */
  readonly name: string
  readonly bindings: ReadonlyMap<string, Binding>
  /** Holds what looking ahead predicts: a scope with it looks ahead. */
  readonly ahead?: true
  /** It may hold other names, which are not known yet. */
  readonly open?: Unknown
}

/** Ansible's order of precedence, lowest first. */
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

/** What the layers give to a name, which may stand in any order: ranks decide, and of equal ranks the later one. */
export const winning = (name: string, layers: readonly Layer[]): Binding | undefined => {
  let best: Layer | undefined
  for (const layer of layers)
    if (layer.bindings.has(name) && (best === undefined || layer.rank >= best.rank)) best = layer
  return best?.bindings.get(name)
}

export const isVariableName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name)

/** The cure for any other. */
export const variableNames = 'a name has letters, digits and _, and no digit first'
