import { readdirSync } from 'node:fs'
import { ConfigError } from '../../core/failure.js'
import { isNamed, type ReadOptions, type RefusedFile, readLocal, textLimit, whyUnread } from './local-file.js'
import { didYouMeanFile } from './near-file.js'
import { systemRefusal } from './system-refusal.js'

const strict = new TextDecoder('utf-8', { fatal: true })

/**
 * Decodes a file of the user's, without a byte order mark.
 * @throws ConfigError where the file is not UTF-8; decoding it anyway would silently lose characters
 */
export const decodeText = (bytes: Uint8Array, file: string): string => {
  try {
    return strict.decode(bytes)
  } catch {
    const lines = new TextDecoder().decode(bytes).split('�', 1)[0]?.split('\n') ?? []
    throw new ConfigError({
      message: 'not UTF-8',
      source: { file, line: Math.max(1, lines.length), col: (lines.at(-1)?.length ?? 0) + 1 },
      hint: `save it as UTF-8: iconv -f latin1 -t utf-8, where latin1 is what it is now`,
    })
  }
}

/**
 * Reads a text file of the user's.
 * @param shownAs its name in errors
 * @throws ConfigError with that name: missing, a folder, a pipe, unreadable, too large, not UTF-8
 */
export const readText = (path: string, shownAs = path, options: ReadOptions = {}): string => {
  let bytes: Buffer
  try {
    bytes = readLocal(path, options)
  } catch (error) {
    throw unreadable(path, shownAs, error)
  }
  return decodeText(bytes, shownAs)
}

/** The names in a folder, sorted. @throws ConfigError with the folder's name */
export const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    throw unreadable(folder, folder, error)
  }
}

export const tooLarge = (file: string): ConfigError =>
  new ConfigError({
    message: `larger than ${textLimit / 1024 / 1024} MiB`,
    source: { file, line: 1, col: 1 },
    hint: 'is this the right file?',
  })

const unreadable = (path: string, file: string, error: unknown): unknown => {
  const why = whyUnread(error)
  // The error is not about this file.
  if (why === undefined || systemRefusal(error) !== undefined) return error
  const { code } = error as RefusedFile | NodeJS.ErrnoException
  const source = { file, line: 1, col: 1 }
  if (code === 'ENOENT' && isNamed(path))
    return new ConfigError({
      message: `${file} is a link that leads nowhere`,
      source,
      hint: 'correct it, or remove it',
    })
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new ConfigError({ message: `no such file: ${file}`, source, hint: didYouMeanFile(file) ?? 'check the path' })
  if (code === 'EISDIR') return new ConfigError({ message: `${file} is a folder`, source, hint: 'name a file in it' })
  if (code === 'EACCES')
    return new ConfigError({ message: `${file} cannot be read`, source, hint: `allow it: chmod u+r ${file}` })
  if (code === 'TOO_LARGE') return tooLarge(file)
  return new ConfigError({
    message: `${file} cannot be read: ${why}`,
    source,
    hint: 'name a regular file that can be read',
  })
}
