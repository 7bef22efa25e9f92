import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { makeFolders } from '../engine/config/files/make-folders.js'
import { exit } from '../engine/core/exit.js'

/**
 * What V8 made of the bundle: kept from one run to the next in the user's cache, after its own digest, since V8 dies of a damaged one.
 * Without it everything works, only slower.
 */
export interface CompiledCode {
  read(): Buffer | undefined
  /** Keeps it when the process ends well: by then it holds the functions that such a command needs. */
  keepAtExit(make: () => Buffer): void
}

/**
 * @param id of the bundle's content: V8 itself compares no more of the source than its length
 * @param command the first word of the command line: each command uses other parts of the code
 */
export const compiledCode = (id: string, command: string | undefined): CompiledCode => {
  const folder = ownFolder()
  if (folder === undefined) return { read: () => undefined, keepAtExit: () => {} }
  const word = /^[a-z]+$/.test(command ?? '') ? command : 'other'
  const file = join(folder, `${id}-${process.version}-${process.arch}-${word}`)
  return {
    read: () => quietly(() => readOwn(file)),
    keepAtExit: make =>
      void process.on('exit', code => {
        if (code === exit.ok || code === exit.pending) quietly(() => keep(folder, file, make()))
      }),
  }
}

/** As XDG says, and only in a home of one's own: `sudo -E` would leave root's files in a user's. Node's own switch turns it off. */
const ownFolder = (env = process.env): string | undefined => {
  if (env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return undefined
  const cache = env['XDG_CACHE_HOME']
  const [home, below] = cache !== undefined && isAbsolute(cache) ? [cache, ''] : [quietly(homedir) ?? '', '.cache']
  const isMine = quietly(() => statSync(home).uid) === process.geteuid?.()
  return isMine ? join(home, below, 'tkplay', 'compiled') : undefined
}

/** It is code that will run: a file that another user owns or could have written is not read. */
const readOwn = (file: string): Buffer | undefined => {
  // A pipe in its place would keep us waiting.
  const opened = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(opened)
    if (!stat.isFile() || !isOwn(stat)) return undefined
    const kept = readFileSync(opened)
    const code = kept.subarray(DIGEST)
    return digest(code).equals(kept.subarray(0, DIGEST)) ? code : undefined
  } finally {
    closeSync(opened)
  }
}

const DIGEST = 32
const digest = (code: Buffer): Buffer => createHash('sha256').update(code).digest()

const isOwn = ({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean =>
  uid === process.geteuid?.() && (mode & 0o022) === 0

const keep = (folder: string, file: string, code: Buffer): void => {
  makeFolders(folder, 0o700)
  if (!isOwn(statSync(folder))) return
  const unfinished = `${file}.${process.pid}`
  try {
    writeFileSync(unfinished, Buffer.concat([digest(code), code]), { mode: 0o600, flag: 'wx', flush: true })
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
  removeOld(folder)
}

/** Of earlier versions; and what a run that was killed left. */
const removeOld = (folder: string): void => {
  const before = Date.now() - 30 * 24 * 3600 * 1000
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (statSync(file).mtimeMs < before) rmSync(file)
  }
}

/** A full disk, a home that cannot be written: none of it is worth a word. */
const quietly = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}
