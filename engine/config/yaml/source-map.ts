import type { Source } from '../../core/source.js'
import type { Key } from '../../core/value.js'

/** A file's text, for turning offsets into lines and columns when somebody asks: only errors and `explain` do. */
export class SourceText {
  #lines: readonly number[] | undefined
  constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  /** Lines and columns from 1; columns count UTF-16 units, as editors do. */
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

/** Where one entry of a dict or list stands, as offsets. */
export interface EntryOffsets {
  readonly key: number
  readonly value: number
  /** A plain scalar as written (`0644`, `1.30`, `yes`): what its value no longer tells. */
  readonly written?: string
}

interface SourceMap {
  readonly text: SourceText
  readonly start: number
  readonly entries: ReadonlyMap<Key, EntryOffsets>
}

/** Values are shared and immutable, so their source maps live beside them and go when they go. */
const sourceMaps = new WeakMap<object, SourceMap>()

export const recordSources = (
  container: object,
  text: SourceText,
  start: number,
  entries: ReadonlyMap<Key, EntryOffsets>,
): void => {
  sourceMaps.set(container, { text, start, entries })
}

/** A dict that was made of one text (`src=a dest=b`): all its entries stand where the text does. */
export const recordSource = (container: object, source: Source): void => {
  madeAt.set(container, source)
}

const madeAt = new WeakMap<object, Source>()

/** Gives a changed copy the source map of what it was made from; entries that it has already keep theirs. */
export const copySources = (from: object, to: object): void => {
  const map = sourceMaps.get(from)
  const own = sourceMaps.get(to)
  const at = madeAt.get(from)
  if (at !== undefined) madeAt.set(to, at)
  if (map === undefined) return
  // One container has one file: of parts from several, the last that has a source map gives it.
  const entries = own?.text === map.text ? new Map([...own.entries, ...map.entries]) : map.entries
  sourceMaps.set(to, { ...map, entries })
}

/** Where a dict or list starts, or where the value of one of its entries does; undefined for what no file gave. */
export const sourceOf = (container: unknown, key?: Key): Source | undefined => {
  const map = sourceMapOf(container)
  if (map === undefined) return typeof container === 'object' && container !== null ? madeAt.get(container) : undefined
  if (key === undefined) return map.text.at(map.start)
  const entry = map.entries.get(key)
  return entry === undefined ? undefined : map.text.at(entry.value)
}

/** Where a dict's key is written (a list's item: where it starts). */
export const keySourceOf = (container: unknown, key: Key): Source | undefined => {
  const map = sourceMapOf(container)
  const entry = map?.entries.get(key)
  return entry === undefined ? undefined : map?.text.at(entry.key)
}

/** A plain scalar as it was typed, where that was not a string: `0644`, `1.30`, `yes`. */
export const writtenAs = (container: unknown, key: Key): string | undefined =>
  sourceMapOf(container)?.entries.get(key)?.written

/** Keeps how a variable's value was typed beside what was made of it. */
export const recordWritten = (made: object, written: string | undefined): void => {
  if (written !== undefined) typed.set(made, written)
}

/** As `writtenAs`, for a variable that is no longer in its dict. */
export const writtenOf = (made: object): string | undefined => typed.get(made)

const typed = new WeakMap<object, string>()

/** The source of the deepest part of a path that has one, going up from its end. */
export const sourceAt = (root: unknown, path: readonly Key[]): Source | undefined => {
  let found = sourceOf(root)
  let here: unknown = root
  for (const key of path) {
    found = sourceOf(here, key) ?? found
    here = here instanceof Map ? here.get(key) : Array.isArray(here) ? here[Number(key)] : undefined
  }
  return found
}

/** The lines that a dict takes: to the deepest value in it, and on as long as they are indented like its keys. */
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

/** The last line in which a value begins. */
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
