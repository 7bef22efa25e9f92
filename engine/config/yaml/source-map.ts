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
export interface Entry {
  readonly key: number
  readonly value: number
  /** A plain scalar as written (`0644`, `1.30`, `yes`): what its value no longer tells. */
  readonly written?: string
}

interface Places {
  readonly text: SourceText
  readonly start: number
  readonly entries: ReadonlyMap<Key, Entry>
}

/** Values are shared and immutable, so their places live beside them and go when they go. */
const known = new WeakMap<object, Places>()

export const remember = (
  container: object,
  text: SourceText,
  start: number,
  entries: ReadonlyMap<Key, Entry>,
): void => {
  known.set(container, { text, start, entries })
}

/** A dict that was made of one text (`src=a dest=b`): all its entries stand where the text does. */
export const rememberAt = (container: object, source: Source): void => {
  madeAt.set(container, source)
}

const madeAt = new WeakMap<object, Source>()

/** Gives a changed copy the places of what it was made from; entries that it has already keep theirs. */
export const copyPlaces = (from: object, to: object): void => {
  const places = known.get(from)
  const own = known.get(to)
  const at = madeAt.get(from)
  if (at !== undefined) madeAt.set(to, at)
  if (places === undefined) return
  // One container has one file: of parts from several, the last that has places gives them.
  const entries = own?.text === places.text ? new Map([...own.entries, ...places.entries]) : places.entries
  known.set(to, { ...places, entries })
}

/** Where a dict or list starts, or where the value of one of its entries does; undefined for what no file gave. */
export const sourceOf = (container: unknown, key?: Key): Source | undefined => {
  const places = placesOf(container)
  if (places === undefined)
    return typeof container === 'object' && container !== null ? madeAt.get(container) : undefined
  if (key === undefined) return places.text.at(places.start)
  const entry = places.entries.get(key)
  return entry === undefined ? undefined : places.text.at(entry.value)
}

/** Where a dict's key is written (a list's item: where it starts). */
export const keySourceOf = (container: unknown, key: Key): Source | undefined => {
  const places = placesOf(container)
  const entry = places?.entries.get(key)
  return entry === undefined ? undefined : places?.text.at(entry.key)
}

/** A plain scalar as it was typed, where that was not a string: `0644`, `1.30`, `yes`. */
export const writtenAs = (container: unknown, key: Key): string | undefined =>
  placesOf(container)?.entries.get(key)?.written

/** Keeps how a variable's value was typed beside what was made of it. */
export const rememberWritten = (made: object, written: string | undefined): void => {
  if (written !== undefined) typed.set(made, written)
}

/** As `writtenAs`, for a variable that is no longer in its dict. */
export const writtenOf = (made: object): string | undefined => typed.get(made)

const typed = new WeakMap<object, string>()

/** The place of the first part of a path that has one, going up from its end. */
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
  const places = placesOf(dict)
  if (places === undefined) return undefined
  const { text } = places
  const keys = [...places.entries.values()].map(({ key }) => text.at(key))
  const from = Math.min(text.at(places.start).line, ...keys.map(({ line }) => line))
  const col = Math.min(...keys.map(one => one.col))
  const lines = text.text.split('\n')
  let to = Math.max(from, lastOf(dict, text))
  while (to < lines.length && isWithin(lines[to] ?? '', col)) to++
  return { file: text.file, from, to }
}

/** The last line in which a value begins. */
const lastOf = (container: unknown, text: SourceText): number => {
  const places = placesOf(container)
  if (places?.text !== text) return 0
  const inner = container instanceof Map ? [...container.values()] : Array.isArray(container) ? container : []
  return Math.max(
    0,
    ...[...places.entries.values()].map(one => text.at(one.value).line),
    ...inner.map(one => lastOf(one, text)),
  )
}

const isWithin = (line: string, col: number): boolean =>
  line.trim() === '' || line.length - line.trimStart().length >= col - 1

const placesOf = (container: unknown): Places | undefined =>
  typeof container === 'object' && container !== null ? known.get(container) : undefined
