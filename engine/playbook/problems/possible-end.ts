/** Whether a `meta: end_…` may have ended a play, or a role of it: what comes after it is not certain to be reached. */
export class PossibleEnd {
  #noted = false

  constructor(readonly outer?: PossibleEnd) {}

  get isNoted(): boolean {
    return this.#noted || this.outer?.isNoted === true
  }

  /** A task calls `meta` with this action. */
  noteMeta(action: unknown): void {
    if (action === 'end_role') this.#noted = true
    else if (['end_play', 'end_batch', 'end_host'].includes(String(action))) this.noteOfPlay()
  }

  /** The whole play may have ended. */
  noteOfPlay(): void {
    if (this.outer === undefined) this.#noted = true
    else this.outer.noteOfPlay()
  }

  /** For the tasks of a role, whose own end leaves the rest of the play alone. */
  ofRole(): PossibleEnd {
    return new PossibleEnd(this)
  }
}
