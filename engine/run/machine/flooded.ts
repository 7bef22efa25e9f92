import { TkplayError } from '../../core/failure.js'

/** It was ended: what it printed is not all, and so no answer. */
export const floodedBy = (command: string): TkplayError =>
  new TkplayError({
    kind: 'task-failed',
    message: 'it printed more than is taken (128 MiB), and was ended on the host',
    command,
  })
