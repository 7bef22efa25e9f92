interface Place {
  total: number
  readonly byHost: Map<string, number>
}

/** Counts what may have changed. An observation is fresh while the counts at which it was sent still stand. */
export class Epochs {
  readonly #hosts = new Map<string, number>()
  readonly #places = new Map<string, Place>()
  #cluster = 0

  host(name: string): number {
    return this.#hosts.get(name) ?? 0
  }

  /** What was done at the place under other names than this one. */
  others(place: string, name: string): number {
    const known = this.#places.get(place)
    return known === undefined ? 0 : known.total - (known.byHost.get(name) ?? 0)
  }

  /** Whether the place has other names than this one. */
  isShared(place: string, name: string): boolean {
    const names = this.#places.get(place)?.byHost
    return names !== undefined && (names.size > 1 || !names.has(name))
  }

  get cluster(): number {
    return this.#cluster
  }

  raiseHost(name: string): void {
    this.#hosts.set(name, this.host(name) + 1)
  }

  /** A host was found to be there. */
  settle(place: string, name: string): void {
    this.#raise(place, name, 0)
  }

  raisePlace(place: string, name: string): void {
    this.#raise(place, name, 1)
  }

  raiseCluster(): void {
    this.#cluster++
  }

  #raise(place: string, name: string, by: number): void {
    const known = this.#places.get(place) ?? { total: 0, byHost: new Map<string, number>() }
    this.#places.set(place, known)
    known.total += by
    known.byHost.set(name, (known.byHost.get(name) ?? 0) + by)
  }
}
