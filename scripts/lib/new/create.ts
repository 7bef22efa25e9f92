import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Files } from '../generated.js'
import { root } from '../project.js'

/** Writes new files. @throws Error with the first one that exists already */
export const create = (files: Files, base = root): void => {
  const existing = [...files.keys()].find(path => existsSync(join(base, path)))
  if (existing !== undefined) throw new Error(`${existing} exists already`)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
    process.stdout.write(`made ${path}\n`)
  }
}

/** Runs a script's work; prints an error as one line. */
export const script = (work: () => void): void => {
  try {
    work()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
