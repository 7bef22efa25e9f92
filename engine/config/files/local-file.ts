import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { open } from 'node:fs/promises'

/**
 * Bytes. The limit for text that people write: playbooks, inventories, variables, templates, keys. A larger file is
 * probably the wrong one, and reading it would look like a hang.
 */
export const textLimit = 16 * 1024 * 1024

/**
 * Bytes. The limit for files that are copied to hosts: they are kept in memory as base64, and a JavaScript string has
 * at most 512 MiB.
 */
export const contentLimit = 380 * 1024 * 1024

export interface ReadOptions {
  /** Bytes; a larger file is refused. */
  readonly limit?: number
  /**
   * Also read a pipe, for files that a user names on the command line (`-e @<(command)`, `-i /dev/stdin`). The pipe is
   * read to its end; Ctrl-C ends the wait.
   */
  readonly pipe?: boolean
}

/**
 * A file that tkplay refuses to read, since reading it may never end. Refusals of the system are thrown as Node's
 * errors.
 */
export class RefusedFile extends Error {
  constructor(
    readonly code: 'EISDIR' | 'IRREGULAR' | 'TOO_LARGE',
    message: string,
  ) {
    super(message)
  }
}

/**
 * Reads a file of this machine. The engine reads files in no other way. Only regular files are read: opening a named
 * pipe waits for a writer, and a device may yield bytes without end. The exception is /dev/null, which counts as an
 * empty file, as for Ansible and ssh.
 * @throws RefusedFile, or Node's error
 */
export const readLocal = (path: string, { limit = textLimit, pipe = false }: ReadOptions = {}): Buffer => {
  // Checked before the open, because opening some devices has an effect: a tape rewinds, a watchdog starts.
  const before = statSync(path)
  if (isNull(before)) return Buffer.alloc(0)
  admit(before, limit, pipe)
  const file = openSync(path, before.isFIFO() ? constants.O_RDONLY : flags)
  try {
    const now = fstatSync(file)
    // The file may have been replaced meanwhile; O_NONBLOCK kept `open` from waiting.
    admit(now, limit, pipe && before.isFIFO())
    const parts = new Parts(now, limit)
    while (parts.add(readSync(file, parts.space))) {}
    return parts.joined()
  } finally {
    closeSync(file)
  }
}

/** The same, asynchronously, for files that may be large. */
export const readLargeLocal = async (path: string, limit = contentLimit): Promise<Buffer> => {
  const before = statSync(path)
  if (isNull(before)) return Buffer.alloc(0)
  admit(before, limit, false)
  const file = await open(path, flags)
  try {
    const now = await file.stat()
    admit(now, limit, false)
    const parts = new Parts(now, limit)
    while (parts.add((await file.read(parts.space)).bytesRead)) {}
    return parts.joined()
  } finally {
    await file.close()
  }
}

/** The first bytes of a file of any size, which tell its type. */
export const readStart = (path: string, bytes: number): Buffer => {
  admit(statSync(path), Number.POSITIVE_INFINITY, false)
  const file = openSync(path, flags)
  try {
    admit(fstatSync(file), Number.POSITIVE_INFINITY, false)
    const start = Buffer.alloc(bytes)
    return start.subarray(0, readSync(file, start))
  } finally {
    closeSync(file)
  }
}

/**
 * Whether the path exists, also as a dangling link, or in a folder that may not be searched. Reading the file tells
 * which.
 */
export const isNamed = (path: string): boolean => {
  try {
    lstatSync(path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code !== 'ENOENT' && code !== 'ENOTDIR'
  }
}

export const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** Whether the file is /dev/null, device 1:3 of Linux. */
const isNull = (stats: Stats): boolean => stats.isCharacterDevice() && stats.rdev === 0x103

const admit = (stats: Stats, limit: number, pipe: boolean): void => {
  if (stats.isDirectory()) throw new RefusedFile('EISDIR', 'it is a folder')
  if (!stats.isFile() && !(pipe && stats.isFIFO()))
    throw new RefusedFile('IRREGULAR', `it is ${kindOf(stats)}, not a regular file`)
  if (stats.size > limit) throw tooLarge(limit)
}

const kindOf = (stats: Stats): string => (stats.isFIFO() ? 'a named pipe' : stats.isSocket() ? 'a socket' : 'a device')

const tooLarge = (limit: number): RefusedFile =>
  new RefusedFile('TOO_LARGE', `it is larger than ${limit / 1024 / 1024} MiB`)

/**
 * The bytes that were read so far. The size is only a hint: files of /proc have size 0, and other files may grow while
 * they are read.
 */
class Parts {
  readonly #limit: number
  readonly #parts: Buffer[] = []
  #length = 0
  space: Buffer

  constructor({ size }: Stats, limit: number) {
    this.#limit = limit
    // One byte more, so that the read after the last byte is already the end.
    this.space = Buffer.allocUnsafe(Math.max(size + 1, smallest))
  }

  /** @returns whether there is more to read */
  add(bytes: number): boolean {
    if (bytes === 0) return false
    this.#parts.push(this.space.subarray(0, bytes))
    this.#length += bytes
    if (this.#length > this.#limit) throw tooLarge(this.#limit)
    const rest = this.space.subarray(bytes)
    this.space = rest.length > 0 ? rest : Buffer.allocUnsafe(Math.max(this.#length, smallest))
    return true
  }

  joined(): Buffer {
    const [only] = this.#parts
    return this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts)
  }
}

const smallest = 8 * 1024

const reasons: { readonly [code: string]: string } = {
  EACCES: 'permission denied',
  EAGAIN: 'it holds nothing to read now',
  EIO: 'its disk or file system failed to read it',
  ELOOP: 'its links go in circles',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is no such file, or a link leads nowhere',
  ENOTDIR: 'a part of the path is no folder',
  ENXIO: 'it is a socket, not a regular file',
  EPERM: 'permission denied',
}

/** Why a file of this machine was not read, as a phrase; undefined for errors that are not about a file. */
export const whyUnread = (error: unknown): string | undefined => {
  if (error instanceof RefusedFile) return error.message
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return undefined
  return reasons[code] ?? (error as Error).message
}
