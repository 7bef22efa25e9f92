import type { Answer } from '../input.js'
import type { Path } from '../timeline/path.js'

/** --step: asks once for each task, when the first host reaches it. */
export class Confirm {
  readonly #answers = new Map<string, Promise<Answer>>()
  #goOn = false

  constructor(readonly ask: (task: string) => Promise<Answer>) {}

  get asks(): boolean {
    return !this.#goOn
  }

  async wanted(path: Path, task: string): Promise<boolean> {
    if (this.#goOn) return true
    const key = path.join('.')
    const asked = this.#answers.get(key) ?? this.ask(task)
    this.#answers.set(key, asked)
    const answer = await asked
    if (answer === 'continue') this.#goOn = true
    return answer !== 'no'
  }
}
