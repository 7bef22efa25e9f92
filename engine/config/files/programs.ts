import { readdirSync } from 'node:fs'
import { readLocal, whyUnread } from './local-file.js'

/** Bytes that a program of this machine may print (an inventory, the value of a lookup). More would fill the memory. */
export const outputLimit = 64 * 1024 * 1024

/**
 * Why a program gave no output, as a phrase: it printed too much, or did not start. Undefined where it exited with an
 * error.
 */
export const whyNoOutput = (error: unknown): string | undefined => {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' || code === 'ENOBUFS')
    return `it printed more than ${outputLimit / 1024 / 1024} MiB`
  if (code === 'ENOENT') return 'it was not started: the interpreter that its first line names is not there'
  const why = whyUnread(error)
  return why === undefined ? undefined : `it was not started: ${why}`
}

/** Kills a program that took too long, and its descendants. */
export const endTree = (pid: number): void => {
  for (const one of [pid, ...descendantsOf(pid)]) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // The process has already ended.
    }
  }
}

const descendantsOf = (pid: number): readonly number[] =>
  childrenOf(pid).flatMap(child => [child, ...descendantsOf(child)])

const childrenOf = (pid: number): readonly number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap(task =>
      readLocal(`/proc/${pid}/task/${task}/children`)
        .toString()
        .split(' ')
        .map(Number)
        .filter(child => child > 0),
    )
  } catch {
    return []
  }
}
