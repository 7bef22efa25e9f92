import type { Source } from '../core/source.js'

/** The topmost line of an error's stack in a user's code: in a file below a folder, or in one file. */
export const sourceInStack = (error: unknown, path: string): Source | undefined => {
  if (!(error instanceof Error)) return undefined
  const own = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(`(${own}(?:/[^\\s:()]+)?\\.[cm]?[jt]s):(\\d+):(\\d+)`).exec(
    `${error.message}\n${error.stack ?? ''}`,
  )
  return found === null ? undefined : { file: found[1] ?? path, line: Number(found[2]), col: Number(found[3]) }
}
