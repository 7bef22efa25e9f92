import { Bytes, Unknown, type Value } from '../../core/value.js'
import { isList, OperationError, Tuple } from '../../python/kinds.js'
import { splitLines } from '../../python/split-lines.js'
import { truth } from './compare.js'
import { asInt, asText } from './convert.js'
import { MethodTable } from './method-table.js'
import { characters, items, textLength } from './sequence.js'

const SPACE = '\\s\\x1c-\\x1f\\x85'

/**
 * Python's methods of str. `format` is in access.ts, since it reads attributes and items.
 * Source: Python 3 library reference, «String Methods».
 */
export const textMethods = new MethodTable<string>('str', {
  capitalize: ['', self => capitalize(self)],
  casefold: ['', self => self.toLowerCase().replaceAll('ß', 'ss')],
  center: [
    'width fillchar=" "',
    (self, [width = 0, fill = ' ']) => center(self, cells(width), asText(fill, 'fillchar')),
  ],
  count: [
    'sub start=0 end=null',
    (self, [sub = '', ...range]) => occurrences(within(self, range).part, asText(sub, 'sub')),
  ],
  encode: ['encoding="utf-8" errors="strict"', self => new Bytes(new TextEncoder().encode(self))],
  endswith: [
    'suffix start=0 end=null',
    (self, [ends = '', ...range]) => anyOf(ends).some(one => within(self, range).part.endsWith(one)),
  ],
  expandtabs: ['tabsize=8', (self, [size = 8]) => expandTabs(self, asInt(size, 'tabsize'))],
  find: ['sub start=0 end=null', (self, [sub = '', ...range]) => find(self, asText(sub, 'sub'), range, 'indexOf')],
  index: [
    'sub start=0 end=null',
    (self, [sub = '', ...range]) => found(find(self, asText(sub, 'sub'), range, 'indexOf')),
  ],
  isalnum: ['', self => /^[\p{L}\p{N}]+$/u.test(self)],
  isalpha: ['', self => /^\p{L}+$/u.test(self)],
  isascii: ['', self => /^[\x00-\x7f]*$/.test(self)],
  isdecimal: ['', self => /^\p{Nd}+$/u.test(self)],
  isdigit: ['', self => /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+$/u.test(self)],
  isidentifier: ['', self => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(self)],
  islower: ['', self => self === self.toLowerCase() && self !== self.toUpperCase()],
  isnumeric: ['', self => /^\p{N}+$/u.test(self)],
  isprintable: ['', self => !/[\p{C}\p{Z}]/u.test(self.replaceAll(' ', ''))],
  isspace: ['', self => new RegExp(`^[${SPACE}]+$`).test(self)],
  istitle: ['', self => self === title(self) && /\p{L}/u.test(self)],
  isupper: ['', self => self === self.toUpperCase() && self !== self.toLowerCase()],
  join: ['items', (self, [list = null]) => texts(list).join(self)],
  ljust: ['width fillchar=" "', (self, [width = 0, fill = ' ']) => self + fillText(self, cells(width), fill)],
  lower: ['', self => self.toLowerCase()],
  lstrip: ['chars=null', (self, [chars = null]) => strip(self, chars, true, false)],
  partition: [
    'sep',
    (self, [sep = '']) => partition(self, asText(sep, 'sep'), self.indexOf(asText(sep, 'sep')), false),
  ],
  removeprefix: [
    'prefix',
    (self, [p = '']) => (self.startsWith(asText(p, 'prefix')) ? self.slice(asText(p, 'prefix').length) : self),
  ],
  removesuffix: [
    'suffix',
    (self, [s = '']) =>
      s !== '' && self.endsWith(asText(s, 'suffix')) ? self.slice(0, -asText(s, 'suffix').length) : self,
  ],
  replace: [
    'old new count=-1',
    (self, [from = '', to = '', count = -1]) =>
      replace(self, asText(from, 'old'), asText(to, 'new'), asInt(count, 'count')),
  ],
  rfind: ['sub start=0 end=null', (self, [sub = '', ...range]) => find(self, asText(sub, 'sub'), range, 'lastIndexOf')],
  rindex: [
    'sub start=0 end=null',
    (self, [sub = '', ...range]) => found(find(self, asText(sub, 'sub'), range, 'lastIndexOf')),
  ],
  rjust: ['width fillchar=" "', (self, [width = 0, fill = ' ']) => fillText(self, cells(width), fill) + self],
  rpartition: [
    'sep',
    (self, [sep = '']) => partition(self, asText(sep, 'sep'), self.lastIndexOf(asText(sep, 'sep')), true),
  ],
  rsplit: ['sep=null maxsplit=-1', (self, [sep = null, most = -1]) => split(self, sep, asInt(most, 'maxsplit'), true)],
  rstrip: ['chars=null', (self, [chars = null]) => strip(self, chars, false, true)],
  split: ['sep=null maxsplit=-1', (self, [sep = null, most = -1]) => split(self, sep, asInt(most, 'maxsplit'), false)],
  splitlines: ['keepends=false', (self, [keep = false]) => splitLines(self, truth(keep) === true)],
  startswith: [
    'prefix start=0 end=null',
    (self, [starts = '', ...range]) => anyOf(starts).some(one => within(self, range).part.startsWith(one)),
  ],
  strip: ['chars=null', (self, [chars = null]) => strip(self, chars, true, true)],
  swapcase: [
    '',
    self =>
      characters(self)
        .map(c => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()))
        .join(''),
  ],
  title: ['', self => title(self)],
  upper: ['', self => self.toUpperCase()],
  zfill: ['width', (self, [width = 0]) => zeroFill(self, cells(width))],
})

const MAX_WIDTH = 1_000_000
const MAX_TEXT = 64 << 20

const cells = (value: Value): number => {
  const width = asInt(value, 'the width')
  if (width > MAX_WIDTH) throw new OperationError(`a width of ${width} is far too large`, 'budget')
  return width
}

export const capitalize = (self: string): string => {
  const [first = ''] = self
  return first.toUpperCase() + self.slice(first.length).toLowerCase()
}

const title = (self: string): string => self.replace(/\p{L}+/gu, word => capitalize(word))

export const center = (self: string, width: number, fill = ' '): string => {
  const missing = Math.max(0, width - textLength(self))
  const left = Math.floor(missing / 2) + (missing & width & 1)
  return fill.repeat(left) + self + fill.repeat(missing - left)
}

const fillText = (self: string, width: number, fill: Value): string =>
  asText(fill, 'fillchar').repeat(Math.max(0, width - textLength(self)))

const zeroFill = (self: string, width: number): string => {
  const sign = /^[-+]/.exec(self)?.[0] ?? ''
  return sign + self.slice(sign.length).padStart(width - sign.length, '0')
}

const occurrences = (self: string, sub: string): number =>
  sub === '' ? textLength(self) + 1 : self.split(sub).length - 1

const anyOf = (value: Value): readonly string[] =>
  isList(value) ? value.map(one => asText(one, 'each item')) : [asText(value, 'what to look for')]

const texts = (value: Value): readonly string[] => {
  const list = items(value)
  if (list instanceof Unknown) throw new OperationError(`not known yet: ${list.waitsFor}`)
  return list.map((one, index) => asText(one, `item ${index} to join`))
}

/** The part between start and end, which are counted as in a slice, and where that part begins. */
const within = (
  self: string,
  [start = 0, end = null]: readonly Value[],
): { readonly part: string; readonly from: number } => {
  if (start === 0 && end === null) return { part: self, from: 0 }
  const all = characters(self)
  const at = start === null ? 0 : asInt(start, 'start')
  const from = at < 0 ? Math.max(0, at + all.length) : at
  return { part: all.slice(from, end === null ? undefined : asInt(end, 'end')).join(''), from }
}

const find = (self: string, sub: string, range: readonly Value[], how: 'indexOf' | 'lastIndexOf'): number => {
  const { part, from } = within(self, range)
  const at = part[how](sub)
  return at === -1 ? -1 : from + textLength(part.slice(0, at))
}

const found = (at: number): number => {
  if (at === -1) throw new OperationError('the text to look for is not there', 'type', 'use find(), which gives -1')
  return at
}

const partition = (self: string, sep: string, at: number, last: boolean): Value => {
  if (sep === '') throw new OperationError('the separator is empty')
  if (at === -1) return last ? Tuple.of2('', '', self) : Tuple.of2(self, '', '')
  return Tuple.of2(self.slice(0, at), sep, self.slice(at + sep.length))
}

const space = new RegExp(`[${SPACE}]`)

export const strip = (self: string, chars: Value, left: boolean, right: boolean): string => {
  const set = chars === null ? undefined : new Set(characters(asText(chars, 'chars')))
  const goes = (char: string | undefined): boolean => char !== undefined && (set?.has(char) ?? space.test(char))
  const list = characters(self)
  let from = 0
  let to = list.length
  while (left && from < to && goes(list[from])) from++
  while (right && to > from && goes(list[to - 1])) to--
  return list.slice(from, to).join('')
}

const replace = (self: string, from: string, to: string, count: number): string => {
  if (count === 0) return self
  if (occurrences(self, from) * to.length > MAX_TEXT)
    throw new OperationError('replace() would make a far too long text', 'budget')
  if (count < 0)
    return from === ''
      ? [...['', ...characters(self)].map((c, i) => (i === 0 ? to : c + to))].join('')
      : self.replaceAll(from, () => to)
  const parts = from === '' ? ['', ...characters(self), ''] : self.split(from)
  const head = parts.slice(0, count + 1).join(to)
  return parts.length > count + 1 ? head + (from === '' ? '' : from) + parts.slice(count + 1).join(from) : head
}

const split = (self: string, sep: Value, most: number, fromRight: boolean): Value => {
  const limit = most < 0 ? Number.POSITIVE_INFINITY : most
  if (sep === null) return splitSpaces(self, limit, fromRight)
  const by = asText(sep, 'sep')
  if (by === '') throw new OperationError('the separator is empty')
  const parts = self.split(by)
  if (parts.length - 1 <= limit) return parts
  return fromRight
    ? [parts.slice(0, parts.length - limit).join(by), ...parts.slice(parts.length - limit)]
    : [...parts.slice(0, limit), parts.slice(limit).join(by)]
}

const splitSpaces = (self: string, limit: number, fromRight: boolean): Value => {
  const words: string[] = []
  let rest = strip(self, null, true, true)
  while (rest !== '' && words.length < limit) {
    const at = fromRight ? lastSpace(rest) : rest.search(space)
    if (at === -1) break
    words.push(fromRight ? rest.slice(at + 1) : rest.slice(0, at))
    rest = fromRight ? strip(rest.slice(0, at), null, false, true) : strip(rest.slice(at), null, true, false)
  }
  if (rest !== '') words.push(rest)
  return fromRight ? words.reverse() : words
}

const lastSpace = (self: string): number => {
  for (let at = self.length - 1; at >= 0; at--) if (space.test(self.charAt(at))) return at
  return -1
}

const expandTabs = (self: string, size: number): string => {
  let column = 0
  let out = ''
  for (const char of self) {
    if (char === '\t' && size > 0) {
      const spaces = size - (column % size)
      out += ' '.repeat(spaces)
      column += spaces
    } else if (char !== '\t') {
      out += char
      column = char === '\n' || char === '\r' ? 0 : column + 1
    }
  }
  return out
}
