/** The changes of one machine, under all its inventory names. */
interface Changes {
  total: number
  readonly byHost: Map<string, number>
}

/** Counts changes. An observation is fresh while the counts are the same as when it was sent. */
export class Epochs {
  readonly #hosts = new Map<string, number>()
  readonly #machines = new Map<string, Changes>()
  #cluster = 0

  host(name: string): number {
    return this.#hosts.get(name) ?? 0
  }

  /** The changes of the machine under its other names. */
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

  /** Records a name of the machine. */
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
