import type { Event } from '../../engine/core/event.js'
import { finished, type Ran, start } from './tkplay.js'

/** A run with `-o json` whose events are read while it goes on. */
export interface Watched {
  /** All so far. */
  events(): readonly Event[]
  /** Resolves with the first event of this kind, also one that has been. */
  said(is: (event: Event) => boolean): Promise<Event>
  readonly over: Promise<Ran>
  isRunning(): boolean
  /** SIGKILL, and the end of its output. */
  kill(): Promise<void>
}

export const watch = (args: readonly string[]): Watched => {
  const child = start(args)
  const events: Event[] = []
  const waiting = new Set<() => void>()
  let rest = ''
  child.stdout?.on('data', chunk => {
    const lines = `${rest}${String(chunk)}`.split('\n')
    rest = lines.pop() ?? ''
    events.push(...lines.filter(line => line !== '').map(line => JSON.parse(line) as Event))
    for (const look of waiting) look()
  })
  const over = finished(child)
  return {
    events: () => events,
    said: is =>
      new Promise(resolve => {
        const look = (): void => {
          const found = events.find(is)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    over,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async kill() {
      child.kill('SIGKILL')
      await over
    },
  }
}
