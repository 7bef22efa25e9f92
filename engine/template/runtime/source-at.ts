import type { Source } from '../../core/source.js'
import type { Unit } from '../contract.js'

/** Line and column of an offset. Columns of the first line go on from the text's own column, those of later lines start at 1. */
export const sourceAt = ({ text, source }: Unit, at: number): Source | undefined => {
  if (source === undefined) return undefined
  const before = text.slice(0, at)
  const newlines = before.split('\n').length - 1
  return newlines === 0
    ? { ...source, col: source.col + at }
    : { ...source, line: source.line + newlines, col: at - before.lastIndexOf('\n') }
}

const WIDTH = 100

/** The line that an offset is in, shortened around it. */
export const excerpt = (text: string, at: number): string => {
  const from = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1
  const end = text.indexOf('\n', at)
  const line = text.slice(from, end === -1 ? undefined : end)
  if (line.length <= WIDTH) return line.trim()
  const start = Math.max(0, Math.min(at - from - WIDTH / 2, line.length - WIDTH))
  return `${start > 0 ? '…' : ''}${line.slice(start, start + WIDTH).trim()}${start + WIDTH < line.length ? '…' : ''}`
}
