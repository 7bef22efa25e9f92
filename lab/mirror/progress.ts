import type { Log } from '../support/log.js'

/** 75 → '1 min 15 s' */
export const elapsed = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`

/** Runs a piece of work that may be long: says that it starts, every 15 s that it still goes on, and then how long it took. */
export async function timed<T>(log: Log, what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now()
  const since = () => elapsed(Math.round((Date.now() - start) / 1000))
  log(`${what} …`)
  const beat = setInterval(() => log(`${what} … ${since()}`), 15_000)
  try {
    const result = await work()
    if (Date.now() - start > 5_000) log(`${what}: done in ${since()}`)
    return result
  } finally {
    clearInterval(beat)
  }
}
