import type { Source } from '../../core/source.js'
import type { Key } from '../../core/value.js'

/**
 * The text of a file. Offsets are turned into lines and columns on demand, since only errors and `explain` need them.
 */
export class SourceText {
  #lines: readonly number[] | undefined
  constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  /** Lines and columns count from 1; columns count UTF-16 units, as editors do. */
  at(offset: number): Source {
    this.#lines ??= this.#lineStarts()
    const lines = this.#lines
    let low = 0
    let high = lines.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((lines[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { file: this.file, line: low + 1, col: offset - (lines[low] ?? 0) + 1 }
  }

  #lineStarts(): readonly number[] {
    const starts = [0]
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1)
    return starts
  }
}

/** The offsets of an entry of a dict or list. */
export interface EntryOffsets {
  readonly key: number
  readonly value: number
  /** A plain scalar as written (`0644`, `1.30`, `yes`), which its value no longer shows. */
  readonly written?: string
}

interface SourceMap {
  readonly text: SourceText
  readonly start: number
  readonly entries: ReadonlyMap<Key, EntryOffsets>
}

/**
 * Source maps by their dict or list. Values are immutable and shared, so the map is kept beside them, for as long as
 * they live.
 */
const sourceMaps = new WeakMap<object, SourceMap>()

export const recordSources = (
  container: object,
  text: SourceText,
  start: number,
  entries: ReadonlyMap<Key, EntryOffsets>,
): void => {
  sourceMaps.set(container, { text, start, entries })
}

/** For a dict that was made from one text (`src=a dest=b`): all its entries have this source. */
export const recordSource = (container: object, source: Source): void => {
  madeAt.set(container, source)
}

const madeAt = new WeakMap<object, Source>()

/** Copies the source map to a changed copy. Entries that the copy already has keep their own. */
export const copySources = (from: object, to: object): void => {
  const map = sourceMaps.get(from)
  const own = sourceMaps.get(to)
  const at = madeAt.get(from)
  if (at !== undefined) madeAt.set(to, at)
  if (map === undefined) return
  // A container belongs to one file: if parts come from several files, the last one with a source map counts.
  const entries = own?.text === map.text ? new Map([...own.entries, ...map.entries]) : map.entries
  sourceMaps.set(to, { ...map, entries })
}

/** The start of a dict or list, or of the value of one of its entries; undefined where it is not from a file. */
export const sourceOf = (container: unknown, key?: Key): Source | undefined => {
  const map = sourceMapOf(container)
  if (map === undefined) return typeof container === 'object' && container !== null ? madeAt.get(container) : undefined
  if (key === undefined) return map.text.at(map.start)
  const entry = map.entries.get(key)
  return entry === undefined ? undefined : map.text.at(entry.value)
}

/** The start of a dict's key; for a list, the start of the item. */
export const keySourceOf = (container: unknown, key: Key): Source | undefined => {
  const map = sourceMapOf(container)
  const entry = map?.entries.get(key)
  return entry === undefined ? undefined : map?.text.at(entry.key)
}

/** A plain scalar as written, where its value is not a string: `0644`, `1.30`, `yes`. */
export const writtenAs = (container: unknown, key: Key): string | undefined =>
  sourceMapOf(container)?.entries.get(key)?.written

/** Records how a value was written, for an object that was made from it. */
export const recordWritten = (made: object, written: string | undefined): void => {
  if (written !== undefined) typed.set(made, written)
}

/** Like `writtenAs`, for an object that `recordWritten` knows. */
export const writtenOf = (made: object): string | undefined => typed.get(made)

const typed = new WeakMap<object, string>()

/** The source of the last part of a path that has one. */
export const sourceAt = (root: unknown, path: readonly Key[]): Source | undefined => {
  let found = sourceOf(root)
  let here: unknown = root
  for (const key of path) {
    found = sourceOf(here, key) ?? found
    here = here instanceof Map ? here.get(key) : Array.isArray(here) ? here[Number(key)] : undefined
  }
  return found
}

/** The lines of a dict: to its last value, and further while lines are indented like its keys. */
export const linesOf = (
  dict: ReadonlyMap<Key, unknown>,
): { readonly file: string; readonly from: number; readonly to: number } | undefined => {
  const map = sourceMapOf(dict)
  if (map === undefined) return undefined
  const { text } = map
  const keys = [...map.entries.values()].map(({ key }) => text.at(key))
  const from = Math.min(text.at(map.start).line, ...keys.map(({ line }) => line))
  const col = Math.min(...keys.map(one => one.col))
  const lines = text.text.split('\n')
  let to = Math.max(from, lastOf(dict, text))
  while (to < lines.length && isWithin(lines[to] ?? '', col)) to++
  return { file: text.file, from, to }
}

/** The last line in which a value starts. */
const lastOf = (container: unknown, text: SourceText): number => {
  const map = sourceMapOf(container)
  if (map?.text !== text) return 0
  const inner = container instanceof Map ? [...container.values()] : Array.isArray(container) ? container : []
  return Math.max(
    0,
    ...[...map.entries.values()].map(one => text.at(one.value).line),
    ...inner.map(one => lastOf(one, text)),
  )
}

const isWithin = (line: string, col: number): boolean =>
  line.trim() === '' || line.length - line.trimStart().length >= col - 1

const sourceMapOf = (container: unknown): SourceMap | undefined =>
  typeof container === 'object' && container !== null ? sourceMaps.get(container) : undefined
