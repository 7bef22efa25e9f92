/** Ctrl-C: the first lets what runs finish, the second ends it. */
export interface Signals {
  readonly stopping: AbortSignal
  readonly abort: AbortSignal
  done(): void
}

/** @param told called at each signal, so that the display can say what happens */
export const catchSignals = (told: (signal: string) => void): Signals => {
  const stopping = new AbortController()
  const abort = new AbortController()
  const onSignal = (signal: NodeJS.Signals): void => {
    told(signal)
    if (stopping.signal.aborted) {
      abort.abort()
      setTimeout(() => process.exit(130), 500).unref()
    } else stopping.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return {
    stopping: stopping.signal,
    abort: abort.signal,
    done: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}
