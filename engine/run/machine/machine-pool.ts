import type { Transport } from '../../core/connection.js'
import type { Facts } from '../../core/module.js'
import type { Layer } from '../../core/vars.js'
import { Locks } from '../schedule/locks.js'
import type { VariableScope } from '../variables/scope.js'
import { ofHost } from './connection-vars.js'
import type { Epochs } from './epochs.js'
import { Machine } from './machine.js'
import { targetKey, targetOf } from './target.js'

/** Connection options of a step, which win over those of the host. */
export interface ConnectionOverrides {
  readonly connection?: string
  readonly remoteUser?: string
  /** Variables of the play or step. If they change the connection, it is another machine. */
  readonly over?: readonly Layer[]
}

/** What the pool needs from the run. */
interface Source {
  readonly transport: Transport
  readonly epochs: Epochs
  scope(name: string, over: readonly Layer[]): VariableScope
  factsOf(name: string): Facts | undefined
  connected(name: string, ms: number): void
}

/** The machines of a run, by host and connection options; each is made on first use. */
export class MachinePool {
  readonly #machines = new Map<string, Map<string, Machine>>()
  readonly #locks = new Locks()

  constructor(readonly source: Source) {}

  get(name: string, overrides: ConnectionOverrides = {}): Machine {
    const { over = [], connection, remoteUser } = overrides
    const target = () => {
      const scope = this.source.scope(name, over)
      const isKeyword = (...words: readonly string[]): boolean => words.every(word => ofHost(scope, word) === undefined)
      return {
        ...targetOf(name, scope),
        ...(connection === 'local' && isKeyword('connection') ? { kind: 'local' as const } : {}),
        ...(remoteUser !== undefined && isKeyword('user', 'ssh_user') ? { user: remoteUser } : {}),
      }
    }
    const own = over.length === 0 ? '' : targetKey(target())
    const byOptions = this.#machines.get(name) ?? new Map<string, Machine>()
    this.#machines.set(name, byOptions)
    const key = JSON.stringify([connection, remoteUser, own])
    const known = byOptions.get(key)
    if (known !== undefined) return known
    const { transport, epochs } = this.source
    const machine = new Machine(name, target, transport, epochs, this.#locks, ms => this.source.connected(name, ms))
    const facts = this.source.factsOf(name)
    if (facts !== undefined) machine.learnFacts(facts)
    byOptions.set(key, machine)
    return machine
  }

  /** All machines of the host, with any connection options. */
  of(name: string): readonly Machine[] {
    return [...(this.#machines.get(name)?.values() ?? [])]
  }

  /** Closes the connections of a host that is done. They are opened again if another host needs them. */
  rest(name: string): void {
    for (const machine of this.of(name)) machine.rest()
  }

  /** Closes the connections of a host when no apply is running on it; the next use connects again. */
  async drop(name: string): Promise<void> {
    for (const machine of this.of(name)) await machine.applying(false, () => machine.drop())
  }

  roundTrips(name: string): number {
    return this.of(name).reduce((sum, machine) => sum + machine.roundTrips, 0)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#machines.keys()].flatMap(name => this.of(name).map(machine => machine.close())))
  }
}
