import type { RunAs } from '../../core/module.js'
import type { Machine } from './machine.js'

/** A user on a machine: what the engine itself keeps on hosts is kept for each. */
export interface Login {
  readonly machine: Machine
  readonly as: RunAs
}

export const sameLogin = (a: Login, b: Login): boolean =>
  a.machine === b.machine && JSON.stringify(a.as) === JSON.stringify(b.as)
