/** Counts what may have changed. An observation is fresh while the counts at which it was sent still stand. */
export class Epochs {
  readonly #hosts = new Map<string, number>()
  #cluster = 0

  host(name: string): number {
    return this.#hosts.get(name) ?? 0
  }

  get cluster(): number {
    return this.#cluster
  }

  raiseHost(name: string): void {
    this.#hosts.set(name, this.host(name) + 1)
  }

  raiseCluster(): void {
    this.#cluster++
  }
}
