import type { Reporter } from '../core/event.js'
import { Narrator, type NarratorOptions } from './narrator.js'

/** Lines, in the order in which things happen: for pipes, logs, and terminals that are none. */
export const plainReporter = (options: NarratorOptions): Reporter => {
  const narrator = new Narrator(options)
  return {
    event: event => narrator.tell(event),
    aside(question) {
      narrator.flush()
      return question()
    },
    close: async () => narrator.flush(),
  }
}
