import type { Reporter } from '../core/event.js'
import { Narrator, type NarratorOptions } from './narrator.js'

/** Plain lines in the order of events: for pipes, log files, and terminals without cursor control. */
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
