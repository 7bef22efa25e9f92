import type { Step } from '../../core/step.js'
import type { Login } from '../machine/login.js'
import type { Note } from './journal-scripts.js'

/** A notification that is written down on the host, by this user. */
export interface WrittenNote extends Login {
  readonly owner: string
}

/** A notification of an earlier run, with its file on the host. */
export interface RecoveredNote extends WrittenNote, Note {
  readonly file: string
}

/** The handlers that each notification means, in the play where that is asked. */
export type Meant = (names: ReadonlySet<string>) => ReadonlyMap<string, readonly Step[]>

/** The notifications of one host, and which handlers have had their turn. It asks nobody and writes nothing: see `journal.ts`. */
export class PendingHandlers {
  readonly #notified = new Set<string>()
  /** Dry run: notified if steps change something of which that is not known. */
  readonly #perhaps = new Set<string>()
  /**
   * Handlers, by id, that have had their turn since they were last notified. One that failed is not tried again in this run, but stays
   * pending for the next; a topic is pending until all that listen to it are done.
   */
  readonly #turns = new Map<string, 'begun' | 'done'>()
  readonly #written = new Map<string, WrittenNote>()
  readonly #recovered: { readonly note: RecoveredNote; isNotified: boolean }[] = []

  /** @param handlers all of the play: those that are meant run again, also where they ran for an earlier notification */
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

  /** Notified, and not since it had its turn. */
  isPending(handler: Step, meant: Meant): boolean {
    return !this.#turns.has(handler.id) && this.isNotified(handler, meant)
  }

  forgetPerhaps(): void {
    this.#perhaps.clear()
  }

  begin({ id }: Step): void {
    this.#turns.set(id, 'begun')
  }

  /** It was called off before anything was done: it is pending again. */
  abandon({ id }: Step): void {
    if (this.#turns.get(id) === 'begun') this.#turns.delete(id)
  }

  /** @returns the notifications of which this handler was the last one to run */
  finish(handler: Step, meant: Meant): readonly string[] {
    this.#turns.set(handler.id, 'done')
    return this.#settle([handler], meant)
  }

  /** A rescue took over: handlers that failed are done. @returns as `finish` does */
  finishFailed(handlers: readonly Step[], meant: Meant): readonly string[] {
    const failed = handlers.filter(({ id }) => this.#turns.get(id) === 'begun')
    for (const { id } of failed) this.#turns.set(id, 'done')
    return this.#settle(failed, meant)
  }

  /**
   * A notification is of its play, as in Ansible: what `meta: end_play` and its kin kept from its turn runs neither in the next play nor in
   * the next run. What an earlier run notified waits for the play that has it.
   * @returns the notifications that end with the play
   */
  endPlay(): readonly string[] {
    for (const one of this.#recovered)
      if (one.isNotified && this.#notified.delete(one.note.name)) one.isNotified = false
    const dropped = [...this.#notified]
    this.#notified.clear()
    return dropped
  }

  /** Notes that an earlier run left; those of this very run are none. */
  recover(notes: readonly RecoveredNote[]): void {
    for (const note of notes)
      if (this.#written.get(note.name)?.owner !== note.owner) this.#recovered.push({ note, isNotified: false })
  }

  /** What an earlier run notified, and no play of this one has taken up. */
  get unclaimed(): readonly RecoveredNote[] {
    return this.#recovered.filter(({ isNotified }) => !isNotified).map(({ note }) => note)
  }

  /** The play has their handlers: they are notified again. */
  claim(notes: readonly RecoveredNote[]): void {
    if (notes.length > 0) this.#turns.clear()
    for (const one of this.#recovered.filter(({ note }) => notes.includes(note))) {
      one.isNotified = true
      this.#notified.add(one.note.name)
      this.#written.set(one.note.name, one.note)
    }
  }

  /** Where a notification is written down; undefined where it is not. */
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
