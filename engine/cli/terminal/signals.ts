import { setMaxListeners } from 'node:events'
import { exit } from '../../core/exit.js'
import { type SignalWatch, startSignalWatch } from './signal-watch.js'

/** Ctrl-C, or a terminal that is gone: the first lets what runs finish, the second ends it. */
export interface Signals {
  readonly stopping: AbortSignal
  readonly abort: AbortSignal
  done(): void
}

const caught = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** ms from the second signal to the end of this process, for ending on the hosts what runs there. */
const patience = 700

let watch: SignalWatch | undefined

/** Starts what hears signals, so that it is there when it is needed; until then a signal simply ends the process. */
export const prepareSignals = (): void => {
  watch ??= startSignalWatch()
}

/**
 * Node's own exit waits for the system calls of its pool of threads: a file on a server that does not answer, a name that is looked up, hold it
 * for ever, and no signal is heard by then.
 */
const mayHang = (): boolean =>
  process.getActiveResourcesInfo().some(name => /^(?:FS|GetAddrInfo|GetNameInfo)Req/.test(name))

/**
 * @param told called at each of the two, so that the display can say what happens
 * @param cutOff called when there is no time left for the recap
 */
export const catchSignals = async (
  told: (signal: string, again: boolean) => void,
  cutOff: () => void,
): Promise<Signals> => {
  const stopping = new AbortController()
  const abort = new AbortController()
  // Every host listens.
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
