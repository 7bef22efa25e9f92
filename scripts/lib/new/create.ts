import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Files } from '../generated.js'
import { root } from '../project.js'

/** Writes files that must not be there yet. @throws Error naming the first that is */
export const create = (files: Files, base = root): void => {
  const there = [...files.keys()].find(path => existsSync(join(base, path)))
  if (there !== undefined) throw new Error(`${there} is there already`)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
    process.stdout.write(`made ${path}\n`)
  }
}

/** Runs a script's work; what went wrong is told in a line. */
export const script = (work: () => void): void => {
  try {
    work()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
