import { Mutex } from 'async-mutex'
import { readLocal } from '../../config/files/local-file.js'
import type { Reporter } from '../../core/event.js'
import { TkplayError } from '../../core/failure.js'
import { printable } from '../../report/printable.js'
import type { Answer, RunInput } from '../../run/input.js'
import { ask } from './ask.js'

/** The questions of a run on the terminal: one at a time, with no other output meanwhile. */
export class Questions {
  readonly #terminal = new Mutex()

  constructor(
    readonly reporter: Reporter,
    readonly stopping: AbortSignal,
  ) {}

  /** The question of --step. An empty answer means no, as in Ansible. */
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

  /** Asks a task's question; undefined without a terminal, and where tkplay runs in the background of one. */
  get ask(): RunInput['ask'] {
    if (process.stdin.isTTY !== true || isInBackground()) return undefined
    return (question, { secret }) => this.#ask(printable(question), secret, 'run it on a terminal')
  }

  #ask(question: string, secret: boolean, instead: string): Promise<string> {
    const { reporter, stopping } = this
    const asking = () => ask(question, { secret, instead, signal: stopping })
    return this.#terminal.runExclusive(() =>
      (reporter.aside === undefined ? asking() : reporter.aside(asking)).catch(error => this.#interrupted(error)),
    )
  }

  /** Raw mode turns off the signal of Ctrl-C, so an interrupted question sends SIGINT to this process. */
  async #interrupted(error: unknown): Promise<never> {
    if (error instanceof TkplayError && error.failure.kind === 'interrupted' && !this.stopping.aborted) {
      const stopped = new Promise(done => this.stopping.addEventListener('abort', done, { once: true }))
      process.kill(process.pid, 'SIGINT')
      await stopped
    }
    throw error
  }
}

/** Whether the process is in the background of its terminal: reading the terminal would stop it. Only Linux tells. */
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
