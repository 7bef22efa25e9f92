import { extname } from 'node:path'
import { readLocal } from '../../config/files/local-file.js'
import { mayShow } from '../../config/files/showable.js'
import type { Source } from '../../core/source.js'

/**
 * The line of a user's file that an error is about, with a mark below the column:
 *
 *     12 |     when: x ==
 *        |           ^
 *
 * @returns no lines where the line cannot be read, or must not be shown
 */
export const excerptOf = ({ file, line, col }: Source): readonly string[] => {
  const text = lineOf(file, line)
  if (text === undefined || !mayShow(file, text)) return []
  const number = String(line).padStart(5)
  const start = Math.max(0, col - 1 - before)
  const cut = text.slice(start, start + width)
  const lead = cut.slice(0, col - 1 - start).replace(/[^\t]/g, ' ')
  return [`${number} | ${cut}`, `${' '.repeat(number.length)} | ${lead}^`]
}

/** A long line is cut around the column. */
const width = 100
const before = 70

const largest = 1_000_000

const lineOf = (file: string, line: number): string | undefined => {
  if (!kinds.has(extname(file))) return undefined
  try {
    return readLocal(file, { limit: largest }).toString().split('\n')[line - 1]?.trimEnd()
  } catch {
    // The file may be gone or too large, or the name may be no file: the error is printed without the line.
    return undefined
  }
}

const kinds: ReadonlySet<string> = new Set(['.yml', '.yaml', '.j2'])
