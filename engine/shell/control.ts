/**
 * What the client may say while a batch runs: end the job of this pid, and go on (`end`) or leave (`abort`).
 *
 * Written in blanks and tabs, because the watcher may be gone when the line comes: then the shell reads it, or the rest
 * of it, and a line of blanks means nothing to a shell. The first character is the kind, then 24 bits of the pid.
 */
export const controlLine = (kind: 'end' | 'abort', pid: number): string => {
  const bits = pid.toString(2).padStart(24, '0').replaceAll('0', ' ').replaceAll('1', '\t')
  return `${kind === 'end' ? ' ' : '\t'}${bits}\n`
}
