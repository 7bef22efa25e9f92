import { readLocal, whyUnread } from '../config/files/local-file.js'
import { didYouMeanFile } from '../config/files/near-file.js'
import { decodeText } from '../config/files/text.js'
import { ConfigError } from '../core/failure.js'

/**
 * Replaces each `@file` of `--limit` by the patterns in the file, one a line. Empty lines and lines that begin with #
 * are ignored.
 * @throws ConfigError
 */
export const withLimitFiles = (limit: string): string =>
  limit.includes('@')
    ? limit
        .split(',')
        .flatMap(part => (part.trim().startsWith('@') ? linesOf(part.trim().slice(1)) : [part]))
        .join(',')
    : limit

const linesOf = (file: string): readonly string[] => {
  const lines = textOf(file)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
  if (lines.length > 0) return lines
  // An empty pattern would select all hosts, or none.
  throw new ConfigError({
    message: `--limit @${file}: the file names no host`,
    hint: 'write a host or group on a line',
  })
}

const textOf = (file: string): string => {
  try {
    return decodeText(readLocal(file, { pipe: true }), file)
  } catch (error) {
    const why = whyUnread(error)
    if (why === undefined) throw error
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw new ConfigError({
      message: `--limit @${file}: ${missing ? 'there is no such file' : `the file cannot be read: ${why}`}`,
      hint:
        (missing ? didYouMeanFile(file) : undefined) ??
        'give a file of hosts and groups, one a line, or name them: --limit web,db1',
    })
  }
}
