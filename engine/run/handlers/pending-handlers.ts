import type { Step } from '../../core/step.js'
import type { Login } from '../machine/login.js'
import type { Note } from './journal-scripts.js'

/** A notification that is stored on the host, by this user. */
export interface WrittenNote extends Login {
  readonly owner: string
}

/** A notification that an earlier run left, with its file on the host. */
export interface RecoveredNote extends WrittenNote, Note {
  readonly file: string
}

/** Resolves notifications to the handlers of the current play. */
export type Meant = (names: ReadonlySet<string>) => ReadonlyMap<string, readonly Step[]>

/** The notifications of one host, and which handlers have had their turn. Does no I/O; see `journal.ts`. */
export class PendingHandlers {
  readonly #notified = new Set<string>()
  /** Dry run: notifications of steps of which it is not known whether they change something. */
  readonly #perhaps = new Set<string>()
  /**
   * Handler id → whether its turn has begun or is done, since it was last notified. A handler that failed is not tried
   * again in this run, but stays pending for the next; a topic is pending until all handlers that listen to it are
   * done.
   */
  readonly #turns = new Map<string, 'begun' | 'done'>()
  readonly #written = new Map<string, WrittenNote>()
  readonly #recovered: { readonly note: RecoveredNote; isNotified: boolean }[] = []

  /**
   * @param handlers all handlers of the play; those that are meant run again, even if they ran for an earlier
   *   notification
   */
  notify(names: readonly string[], handlers: readonly Step[], meant: Meant): void {
    const again = meant(new Set(names))
    for (const handler of handlers)
      if (names.some(name => again.get(name)?.includes(handler) === true)) this.#turns.delete(handler.id)
    for (const name of names) this.#notified.add(name)
  }

  perhapsNotify(names: readonly string[]): void {
    for (const name of names) this.#perhaps.add(name)
  }

  isNotified(handler: Step, meant: Meant): boolean {
    return includes(this.#notified, handler, meant)
  }

  isPerhapsNotified(handler: Step, meant: Meant): boolean {
    return includes(this.#perhaps, handler, meant)
  }

  /** Notified since its last turn. */
  isPending(handler: Step, meant: Meant): boolean {
    return !this.#turns.has(handler.id) && this.isNotified(handler, meant)
  }

  forgetPerhaps(): void {
    this.#perhaps.clear()
  }

  begin({ id }: Step): void {
    this.#turns.set(id, 'begun')
  }

  /** The handler was stopped before it did anything: it is pending again. */
  abandon({ id }: Step): void {
    if (this.#turns.get(id) === 'begun') this.#turns.delete(id)
  }

  /** @returns the notifications whose handlers are all done now */
  finish(handler: Step, meant: Meant): readonly string[] {
    this.#turns.set(handler.id, 'done')
    return this.#settle([handler], meant)
  }

  /** A rescue took over: handlers that failed count as done. @returns as `finish` */
  finishFailed(handlers: readonly Step[], meant: Meant): readonly string[] {
    const failed = handlers.filter(({ id }) => this.#turns.get(id) === 'begun')
    for (const { id } of failed) this.#turns.set(id, 'done')
    return this.#settle(failed, meant)
  }

  /**
   * As in Ansible, a notification belongs to its play: handlers that `meta: end_play` and the like kept from their turn
   * run neither in the next play nor in the next run. Recovered notifications wait for a play that has their handler.
   * @returns the notifications that are dropped
   */
  endPlay(): readonly string[] {
    for (const one of this.#recovered)
      if (one.isNotified && this.#notified.delete(one.note.name)) one.isNotified = false
    const dropped = [...this.#notified]
    this.#notified.clear()
    return dropped
  }

  /** Adds notes of an earlier run; those of this run are ignored. */
  recover(notes: readonly RecoveredNote[]): void {
    for (const note of notes)
      if (this.#written.get(note.name)?.owner !== note.owner) this.#recovered.push({ note, isNotified: false })
  }

  /** Recovered notifications that no play has claimed. */
  get unclaimed(): readonly RecoveredNote[] {
    return this.#recovered.filter(({ isNotified }) => !isNotified).map(({ note }) => note)
  }

  /** The play has the handlers of these notes: they are notified again. */
  claim(notes: readonly RecoveredNote[]): void {
    if (notes.length > 0) this.#turns.clear()
    for (const one of this.#recovered.filter(({ note }) => notes.includes(note))) {
      one.isNotified = true
      this.#notified.add(one.note.name)
      this.#written.set(one.note.name, one.note)
    }
  }

  /** The note of a notification on the host; undefined where there is none. */
  writtenAt(name: string): WrittenNote | undefined {
    return this.#written.get(name)
  }

  wrote(name: string, note: WrittenNote): void {
    this.#written.set(name, note)
  }

  unwrote(name: string): void {
    this.#written.delete(name)
  }

  #settle(handlers: readonly Step[], meant: Meant): readonly string[] {
    const known = meant(this.#notified)
    const isDone = ({ id }: Step): boolean => this.#turns.get(id) === 'done'
    const done = [...this.#notified].filter(name => {
      const steps = known.get(name) ?? []
      return steps.some(step => handlers.includes(step)) && steps.every(isDone)
    })
    for (const name of done) this.#notified.delete(name)
    return done
  }
}

const includes = (names: ReadonlySet<string>, handler: Step, meant: Meant): boolean => {
  if (names.size === 0) return false
  const known = meant(names)
  return [...names].some(name => known.get(name)?.includes(handler) === true)
}
