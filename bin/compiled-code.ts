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
 * V8's compiled code of the bundle, kept in the user's cache between runs. The file begins with its own digest, since
 * V8 crashes on damaged code. Without the cache everything works, only slower.
 */
export interface CompiledCode {
  read(): Buffer | undefined
  /** Writes the code when the process ends well: by then it contains the functions that the command needs. */
  keepAtExit(make: () => Buffer): void
}

/**
 * @param id the digest of the bundle: V8 itself compares only the length of the source
 * @param command the first word of the command line, since each command uses other parts of the code
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

/**
 * The cache folder, by the XDG rules, and only in a home of the same user: with `sudo -E` root's files would end up in
 * a user's home. Undefined where Node's own switch turns caching off.
 */
const ownFolder = (env = process.env): string | undefined => {
  if (env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return undefined
  const cache = env['XDG_CACHE_HOME']
  const [home, below] = cache !== undefined && isAbsolute(cache) ? [cache, ''] : [quietly(homedir) ?? '', '.cache']
  const isMine = quietly(() => statSync(home).uid) === process.geteuid?.()
  return isMine ? join(home, below, 'tkplay', 'compiled') : undefined
}

/** Reads the file. Since its code will run, a file that another user owns or can write is ignored. */
const readOwn = (file: string): Buffer | undefined => {
  // O_NONBLOCK: opening a pipe would wait.
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

/** Removes files of earlier versions, and those that a killed run left. */
const removeOld = (folder: string): void => {
  const before = Date.now() - 30 * 24 * 3600 * 1000
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (statSync(file).mtimeMs < before) rmSync(file)
  }
}

/** Ignores errors: a full disk or a read-only home is no reason for a message. */
const quietly = <T>(work: () => T): T | undefined => {
  try {
    return work()
  } catch {
    return undefined
  }
}
