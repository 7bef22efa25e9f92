/**
 * A message of the client to the watcher while a batch runs: end the job with this pid, then go on with the next job (`end`),
 * or end the channel (`abort`).
 *
 * The line consists of blanks and tabs, because the watcher may have ended when the line arrives. The shell then reads the
 * line, or the rest of it, and a line of blanks does nothing. Format: one character for the kind, then the pid as 24 bits.
 */
export const controlLine = (kind: 'end' | 'abort', pid: number): string => {
  const bits = pid.toString(2).padStart(24, '0').replaceAll('0', ' ').replaceAll('1', '\t')
  return `${kind === 'end' ? ' ' : '\t'}${bits}\n`
}
