import { Mutex } from 'async-mutex'
import { readLocal } from '../../config/files/local-file.js'
import type { Reporter } from '../../core/event.js'
import { TkplayError } from '../../core/failure.js'
import { printable } from '../../report/printable.js'
import type { Answer, RunInput } from '../../run/input.js'
import { ask } from './ask.js'

/** What a run asks its user on the terminal: one question after the other, with nothing else written meanwhile. */
export class Questions {
  readonly #terminal = new Mutex()

  constructor(
    readonly reporter: Reporter,
    readonly stopping: AbortSignal,
  ) {}

  /** --step. An empty answer is no, as in Ansible. */
  readonly confirm = async (task: string): Promise<Answer> => {
    try {
      const question = `perform '${task}'? (n)o, (y)es, (c)ontinue`
      const [first] = (await this.#ask(question, false, 'run it without --step')).trim().toLowerCase()
      return first === 'c' ? 'continue' : first === 'y' ? 'yes' : 'no'
    } catch (error) {
      if (!(error instanceof TkplayError) || error.failure.kind !== 'interrupted') throw error
      return 'no'
    }
  }

  /** A task's own question. There is nobody to ask where it runs in the background of a terminal, or without one. */
  get ask(): RunInput['ask'] {
    if (process.stdin.isTTY !== true || isInBackground()) return undefined
    return (question, { secret }) => this.#ask(printable(question), secret, 'run it on a terminal')
  }

  #ask(question: string, secret: boolean, instead: string): Promise<string> {
    const { reporter, stopping } = this
    const asking = () => ask(question, { secret, instead, signal: stopping })
    return this.#terminal.runExclusive(() =>
      (reporter.aside === undefined ? asking() : reporter.aside(asking)).catch(error => this.#heard(error)),
    )
  }

  /** Ctrl-C at the question is one as elsewhere: the terminal did not make it a signal. */
  async #heard(error: unknown): Promise<never> {
    if (error instanceof TkplayError && error.failure.kind === 'interrupted' && !this.stopping.aborted) {
      const stopped = new Promise(done => this.stopping.addEventListener('abort', done, { once: true }))
      process.kill(process.pid, 'SIGINT')
      await stopped
    }
    throw error
  }
}

/** Who reads the terminal from the background is stopped by it. Only Linux tells. */
const isInBackground = (): boolean => {
  try {
    const [, , group, , , foreground] = readLocal('/proc/self/stat')
      .toString()
      .replace(/^.*\) /s, '')
      .split(' ')
    return group !== foreground
  } catch {
    return false
  }
}
