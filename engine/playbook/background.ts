import { ConfigError } from '../core/failure.js'
import type { Source } from '../core/source.js'

/** A task that nobody waits for. */
export const leftAlone = (source: Source): ConfigError =>
  new ConfigError({
    message: "'poll: 0' is not offered yet",
    source,
    hint: 'leave poll out: the task is then waited for, for as many seconds as async says',
  })
