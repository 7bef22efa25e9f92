/** Changes of one machine, whatever names the inventory has for it. */
interface Changes {
  total: number
  readonly byHost: Map<string, number>
}

/** Counts what may have changed. An observation is fresh while the counts at which it was sent still stand. */
export class Epochs {
  readonly #hosts = new Map<string, number>()
  readonly #machines = new Map<string, Changes>()
  #cluster = 0

  host(name: string): number {
    return this.#hosts.get(name) ?? 0
  }

  /** Changes of the machine under other names than this one. */
  others(machineId: string, name: string): number {
    const known = this.#machines.get(machineId)
    return known === undefined ? 0 : known.total - (known.byHost.get(name) ?? 0)
  }

  /** Whether the machine has other names than this one. */
  isShared(machineId: string, name: string): boolean {
    const names = this.#machines.get(machineId)?.byHost
    return names !== undefined && (names.size > 1 || !names.has(name))
  }

  get cluster(): number {
    return this.#cluster
  }

  raiseHost(name: string): void {
    this.#hosts.set(name, this.host(name) + 1)
  }

  /** Notes that the machine has this name. */
  addName(machineId: string, name: string): void {
    this.#raise(machineId, name, 0)
  }

  raiseMachine(machineId: string, name: string): void {
    this.#raise(machineId, name, 1)
  }

  raiseCluster(): void {
    this.#cluster++
  }

  #raise(machineId: string, name: string, by: number): void {
    const known = this.#machines.get(machineId) ?? { total: 0, byHost: new Map<string, number>() }
    this.#machines.set(machineId, known)
    known.total += by
    known.byHost.set(name, (known.byHost.get(name) ?? 0) + by)
  }
}
