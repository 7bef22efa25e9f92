/** ms. A Node timer with a longer time fires at once. */
export const longestTimer = 2 ** 31 - 1

/** Calls a function once after a number of ms, which may exceed what a Node timer takes: times that users write have no bound. */
export class Timer {
  readonly #ms: number
  readonly #work: () => void
  #handle: NodeJS.Timeout | undefined

  constructor(ms: number, work: () => void) {
    this.#ms = ms
    this.#work = work
    this.#wait(ms)
  }

  cancel(): void {
    clearTimeout(this.#handle)
    this.#handle = undefined
  }

  /** Starts counting anew, unless the timer fired or was cancelled. */
  restart(): void {
    if (this.#handle === undefined) return
    clearTimeout(this.#handle)
    this.#wait(this.#ms)
  }

  #wait(left: number): void {
    const next = Math.min(left, longestTimer)
    this.#handle = setTimeout(() => {
      if (left > next) return this.#wait(left - next)
      this.#handle = undefined
      this.#work()
    }, next)
  }
}

/** Resolves after a number of ms, or when the signal is aborted. */
export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal?.aborted === true) return resolve()
    const end = (): void => {
      timer.cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = new Timer(ms, end)
    signal?.addEventListener('abort', end, { once: true })
  })
