import type { RunAs } from '../../core/module.js'
import type { Machine } from './machine.js'

/** A user on a machine. What the engine stores on hosts is stored for each user. */
export interface Login {
  readonly machine: Machine
  readonly as: RunAs
}

/** A set of logins. */
export class Logins {
  #all: readonly Login[] = []

  has(login: Login): boolean {
    return this.#all.some(one => sameLogin(one, login))
  }

  add(login: Login): void {
    if (!this.has(login)) this.#all = [...this.#all, login]
  }

  delete(login: Login): void {
    this.#all = this.#all.filter(one => !sameLogin(one, login))
  }

  clear(): void {
    this.#all = []
  }
}

export const sameLogin = (a: Login, b: Login): boolean =>
  a.machine === b.machine && JSON.stringify(a.as) === JSON.stringify(b.as)
