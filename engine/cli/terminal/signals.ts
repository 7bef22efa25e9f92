import { setMaxListeners } from 'node:events'
import { exit } from '../../core/exit.js'
import { type SignalWatch, startSignalWatch } from './signal-watch.js'

/** Ctrl-C, or a closed terminal: after the first signal running steps are finished, after the second they are ended. */
export interface Signals {
  readonly stopping: AbortSignal
  readonly abort: AbortSignal
  done(): void
}

const caught = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** ms from the second signal to the end of this process, in which jobs on the hosts are ended. */
const patience = 700

let watch: SignalWatch | undefined

/**
 * Starts the thread for signals early, so that it is ready when the run begins. Until then a signal simply ends the
 * process.
 */
export const prepareSignals = (): void => {
  watch ??= startSignalWatch()
}

/**
 * Whether `process.exit` may hang: it waits for system calls in Node's thread pool, and a file on an unreachable
 * server, or the look-up of a name, may block one for ever. By then signals are not received any more.
 */
const mayHang = (): boolean =>
  process.getActiveResourcesInfo().some(name => /^(?:FS|GetAddrInfo|GetNameInfo)Req/.test(name))

/**
 * @param told called at each of the two signals, for the display
 * @param cutOff called when no time is left for the recap
 */
export const catchSignals = async (
  told: (signal: string, again: boolean) => void,
  cutOff: () => void,
): Promise<Signals> => {
  const stopping = new AbortController()
  const abort = new AbortController()
  // Each host adds listeners.
  setMaxListeners(0, stopping.signal, abort.signal)
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping.signal.aborted) {
      if (abort.signal.aborted) return
      told(signal, true)
      abort.abort()
      setTimeout(() => {
        cutOff()
        if (!mayHang()) process.exit(exit.interrupted)
        if (isWatched) return watching?.die()
        forget()
        process.kill(process.pid, 'SIGINT')
      }, patience).unref()
      return
    }
    told(signal, false)
    stopping.abort()
  }
  const forget = (): void => {
    for (const signal of caught) process.off(signal, onSignal)
  }
  let isWatched = false
  prepareSignals()
  const watching = watch
  watch = undefined
  isWatched = (await watching?.begin(onSignal)) === true
  if (!isWatched) for (const signal of caught) process.on(signal, onSignal)
  return {
    stopping: stopping.signal,
    abort: abort.signal,
    done: () => {
      watching?.end()
      forget()
    },
  }
}
