import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'

/** The refusal of `poll: 0`: a task that is not waited for. */
export const notWaitedFor = (source: Source): ConfigError =>
  new ConfigError({
    message: "'poll: 0' is not offered yet",
    source,
    hint: 'leave poll out: the task is then waited for, for as many seconds as async says',
  })

/** Whether a module can run. tkplay knows a few of Ansible's by name and parameters only: a task that is reached fails. */
export const isOffered = (module: string): boolean => module !== 'add_host' && module !== 'group_by'

export const notOffered = (module: string, source: Source): ConfigError =>
  new ConfigError({
    about: 'module',
    message: `'${module}' is not offered yet`,
    source,
    hint: 'put the hosts into the inventory, or into a group there',
  })
