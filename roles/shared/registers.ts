import { computed, type Expr } from '../../engine/core/expr.js'
import type { Json } from '../../engine/core/json.js'
import { type RoleStep, type StepOptions, step } from '../../engine/core/role.js'
import { isDict, type Value } from '../../engine/core/value.js'

/** Reads whether a path exists, for later steps that depend on it. */
export const look = (name: string, path: string, register: string): RoleStep =>
  step(name, 'stat', { path, get_checksum: false }, { register })

/** True where `look` found the path. */
export const isThere = (register: string): Expr => computed([register], ([found]) => exists(found))
/** True where `look` did not find the path. While the result is unknown (read ahead), neither is true. */
export const isNotThere = (register: string): Expr => computed([register], ([found]) => existence(found) === false)

export const exists = (found: Value | undefined): boolean => existence(found) === true

const existence = (found: Value | undefined): Value | undefined => {
  const stat = isDict(found) ? found.get('stat') : undefined
  return isDict(stat) ? stat.get('exists') : undefined
}

export const whereThere = (
  register: string,
  name: string,
  module: string,
  params: Json,
  options: StepOptions = {},
): RoleStep => step(name, module, params, { ...options, when: isThere(register) })
