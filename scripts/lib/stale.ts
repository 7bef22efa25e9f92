import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { filesUnder, root } from './project.js'

/**
 * Removes compiled files whose sources are gone: tsc leaves them, and an old test would go on passing. The bundle has
 * no sources of its own.
 */
export const removeStale = (base = root): readonly string[] => {
  const stale = filesUnder('dist', base).filter(file => {
    const source = sourceOf(file)
    return source !== undefined && !existsSync(join(base, source))
  })
  for (const file of stale) rmSync(join(base, file))
  return stale
}

const sourceOf = (compiled: string): string | undefined => {
  const stem = /^dist\/(?!bundle(?:\.new|\.old)?\/)(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(compiled)?.[1]
  return stem === undefined ? undefined : `${stem}.ts`
}
