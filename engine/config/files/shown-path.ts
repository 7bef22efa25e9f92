import { resolve } from 'node:path'

/** A path as messages write it: below the working folder it is relative to it. */
export const shownPath = (path: string): string => {
  const here = `${process.cwd()}/`
  const full = resolve(path)
  return full.startsWith(here) ? full.slice(here.length) : full
}
