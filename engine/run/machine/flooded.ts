import { TkplayError } from '../../core/failure.js'

/**
 * The failure of a command that was ended because it printed too much; its output is incomplete, so it is no answer.
 */
export const floodedBy = (command: string): TkplayError =>
  new TkplayError({
    kind: 'task-failed',
    message: 'the command printed more than 128 MiB and was ended on the host',
    command,
  })
