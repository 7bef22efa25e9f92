import type { Json } from '../../core/json.js'
import type { Session, SharedValue } from '../../core/module.js'

interface Made {
  readonly value: Promise<Json>
  readonly host: string
  readonly until: number
  readonly ref: SharedValue
}

export interface SharedValueHosts {
  /** The first host of the pattern that has not failed. @throws TkplayError where there is none */
  pick(pattern: string): string
  /** Runs the maker on that host as root, and raises the host's epoch. */
  on<T>(host: string, work: (session: Session) => Promise<T>): Promise<T>
  now(): number
}

/**
 * Values that are made once and shared: the first call makes the value, others wait for it. A value is made again when
 * it has expired, or when making it failed.
 */
export class SharedValues {
  /** The latest value of each key. */
  readonly #made = new Map<string, Made>()
  /** All values, also expired ones, which have to be taken back too. */
  readonly #all = new Set<Made>()
  constructor(readonly hosts: SharedValueHosts) {}

  async get<T extends Json>(ref: SharedValue<T>): Promise<T> {
    const known = this.#made.get(ref.key)
    if (known !== undefined && known.until > this.hosts.now()) return (await known.value) as T
    const host = this.hosts.pick(ref.on)
    const value = this.hosts.on(host, session => ref.make(session))
    const made = { value, host, until: this.hosts.now() + ref.ttl, ref: ref as unknown as SharedValue }
    this.#made.set(ref.key, made)
    this.#all.add(made)
    value.catch(() => {
      this.#all.delete(made)
      if (this.#made.get(ref.key) === made) this.#made.delete(ref.key)
    })
    return value
  }

  /** Takes values (tokens) back at the end of a run, also after a failure. Errors are passed to `complain`. */
  async dispose(complain: (ref: SharedValue, error: unknown) => void): Promise<void> {
    for (const { value, host, ref } of this.#all) {
      if (ref.dispose === undefined) continue
      try {
        const made = await value
        await this.hosts.on(host, session => ref.dispose?.(session, made) ?? Promise.resolve())
      } catch (error) {
        complain(ref, error)
      }
    }
    this.#made.clear()
    this.#all.clear()
  }
}
