import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'

/** A task that nobody waits for. */
export const leftAlone = (source: Source): ConfigError =>
  new ConfigError({
    message: "'poll: 0' is not offered yet",
    source,
    hint: 'leave poll out: the task is then waited for, for as many seconds as async says',
  })

/** Modules of Ansible that are known by name and parameters alone: a task that is reached fails. */
export const isOffered = (module: string): boolean => module !== 'add_host' && module !== 'group_by'

export const notOffered = (module: string, source: Source): ConfigError =>
  new ConfigError({
    about: 'module',
    message: `'${module}' is not offered yet`,
    source,
    hint: 'put the hosts into the inventory, or into a group there',
  })
