import { TkplayError } from '../core/failure.js'
import { Timer } from '../core/timer.js'

export interface Limits {
  /** ms */
  readonly timeout: number
  readonly signal?: AbortSignal
}

/**
 * Awaits a promise until a timeout, or until the signal is aborted. A value that arrives later is passed to `drop`.
 * @throws an Error with code ETIMEDOUT; TkplayError 'interrupted'
 */
export const within = <T>(
  what: Promise<T>,
  { timeout, signal }: Limits,
  drop: (late: T) => void = () => {},
): Promise<T> =>
  new Promise((resolve, reject) => {
    let over = false
    const settle = (): void => {
      over = true
      timer.cancel()
      signal?.removeEventListener('abort', abort)
    }
    const fail = (error: Error): void => {
      settle()
      reject(error)
    }
    const abort = (): void => fail(new TkplayError({ kind: 'interrupted' }))
    const timer = new Timer(timeout, () => fail(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })))
    signal?.addEventListener('abort', abort, { once: true })
    what.then(
      value => {
        if (over) drop(value)
        else {
          settle()
          resolve(value)
        }
      },
      (error: Error) => fail(error),
    )
    if (signal?.aborted === true) abort()
  })
