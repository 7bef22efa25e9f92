import type { Step } from '../../core/step.js'
import { Cursor, type Next } from './cursor.js'
import type { Path } from './path.js'
import type { Stage } from './play-run.js'

/** The timeline of one host: its batch of each play, one after the other. */
export class Timeline {
  #at = 0
  #cursor: Cursor | undefined
  #isEnding = false

  constructor(readonly stages: readonly Stage[]) {}

  /** A copy for reading ahead, which moves independently. */
  copy(): Timeline {
    const twin = new Timeline(this.stages)
    twin.#at = this.#at
    twin.#cursor = this.#cursor?.copy()
    twin.#isEnding = this.#isEnding
    return twin
  }

  get stage(): Stage | undefined {
    return this.stages[this.#at]
  }

  /** The next step, in this play or a later one. */
  peek(): { readonly stage: Stage; readonly next: Exclude<Next, undefined> } | undefined {
    for (;;) {
      const stage = this.stages[this.#at]
      if (stage === undefined) return undefined
      this.#cursor ??= new Cursor(stage.state.nodes, stage.path, stage.roles)
      const next = this.#cursor.peek()
      if (next !== undefined) return { stage, next }
      this.endPlay()
    }
  }

  get cursor(): Cursor {
    const stage = this.stage
    if (this.#cursor === undefined && stage !== undefined)
      this.#cursor = new Cursor(stage.state.nodes, stage.path, stage.roles)
    return this.#cursor ?? new Cursor([], [])
  }

  /** The play ends for this host: goes on with the next play. */
  endPlay(): void {
    this.#at = this.#isEnding ? this.stages.length : this.#at + 1
    this.#cursor = undefined
  }

  /** The host failed for good: only these handlers run, then nothing more of this play and the later ones. */
  endWith(handlers: readonly Step[], path: Path): void {
    this.#isEnding = true
    this.#cursor = new Cursor([], path, this.stage?.roles)
    this.#cursor.enter(handlers, { handlers: true })
  }

  /** The path of the next step, without moving. */
  position(): Path | undefined {
    const copy = this.copy()
    return copy.peek()?.next === undefined ? undefined : pathOf(copy)
  }
}

const pathOf = (timeline: Timeline): Path | undefined => {
  const here = timeline.peek()
  if (here === undefined) return undefined
  return here.next.kind === 'raise' ? here.stage.path : here.next.path
}
