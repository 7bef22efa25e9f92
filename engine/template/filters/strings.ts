import type { Callable, Value } from '../../core/value.js'
import { OperationError, Tuple } from '../../python/kinds.js'
import { formatPercent } from '../../python/percent-format.js'
import { quoteWord } from '../../python/shell-words.js'
import { splitLines } from '../../python/split-lines.js'
import { text } from '../../python/text.js'
import { wrapText } from '../../python/text-wrap.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { truth } from '../values/compare.js'
import { asInt, asText } from '../values/convert.js'
import { characters, textLength } from '../values/sequence.js'
import { capitalize, center, strip, textMethods } from '../values/text-methods.js'

const MAX_WIDTH = 1_000_000

const width = (value: Value): number => {
  const cells = asInt(value, 'the width')
  if (cells > MAX_WIDTH) throw new OperationError(`a width of ${cells} is far too large`, 'budget')
  return cells
}

const htmlNames: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
}

export const escapeHtml = (value: string): string => value.replace(/[&<>'"]/g, char => htmlNames[char] ?? char)

const escaping = filter('', value => escapeHtml(text(value)))

const indent = filter(
  'width=4 first=false blank=false',
  (value, [by = 4, first = false, blank = false], { budget }) => {
    const space = typeof by === 'string' ? by : ' '.repeat(width(by))
    const whole = `${asText(value, 'what indent takes')}\n`
    const lines = whole.split('\n').slice(0, -1)
    budget.grow(lines.length * space.length)
    const body = lines
      .map((line, index) => (index === 0 || (line === '' && truth(blank) !== true) ? line : space + line))
      .join('\n')
    return truth(first) === true ? space + body : body
  },
)

const truncate = filter(
  'length=255 killwords=false end="..." leeway=5',
  (value, [length = 255, killWords = false, end = '...', leeway = 5]) => {
    const chars = characters(asText(value, 'what truncate takes'))
    const [most, tail] = [asInt(length, 'length'), asText(end, 'end')]
    if (chars.length <= most + asInt(leeway, 'leeway')) return chars.join('')
    const cut = chars.slice(0, Math.max(0, most - textLength(tail))).join('')
    if (truth(killWords) === true) return cut + tail
    const space = cut.lastIndexOf(' ')
    return (space === -1 ? cut : cut.slice(0, space)) + tail
  },
)

const title = (value: string): string => value.replace(/[^-\s({[<]+/g, capitalize)

const replace = filter('old new count=null', (value, [from = '', to = '', count = null], { budget }) => {
  const method = textMethods.bind(text(value), 'replace') as Callable
  return method.call([text(from), text(to), count ?? -1], new Map(), budget)
})

const split = filter('sep=null maxsplit=-1', (value, args, { budget }) => {
  const method = textMethods.bind(asText(value, 'the text to split'), 'split') as Callable
  return method.call(args, new Map(), budget)
})

const format = filter('*args **named', (value, [args = [], named = null]) => {
  const positional = args as readonly Value[]
  const byName = named instanceof Map && named.size > 0
  if (byName && positional.length > 0) throw new OperationError('format takes positional or named values, not both')
  return formatPercent(text(value), byName ? named : Tuple.of2(...positional))
})

const xmlAttributes = filter('autospace=true', (value, [space = true]) => {
  if (!(value instanceof Map)) throw new OperationError('xmlattr needs a dict')
  const pairs = [...value].filter(([, one]) => one !== null)
  const bad = pairs.find(([key]) => /[\s/>=]/.test(String(key)))
  if (bad !== undefined) throw new OperationError(`'${String(bad[0])}' cannot be the name of an attribute`)
  const joined = pairs.map(([key, one]) => `${escapeHtml(String(key))}="${escapeHtml(text(one))}"`).join(' ')
  return truth(space) === true && joined !== '' ? ` ${joined}` : joined
})

const stripTags = filter('', value =>
  withoutBetween(withoutBetween(text(value), '<!--', '-->'), '<', '>')
    .split(/\s+/)
    .filter(word => word !== '')
    .join(' '),
)

/**
 * The text without the parts from each `opening` to the next `closing`. Not a regular expression: that would search to the end of the text
 * for each opening that is never closed.
 */
const withoutBetween = (given: string, opening: string, closing: string): string => {
  const kept: string[] = []
  let at = 0
  for (;;) {
    const from = given.indexOf(opening, at)
    const to = from === -1 ? -1 : given.indexOf(closing, from + opening.length)
    if (to === -1) return kept.join('') + given.slice(at)
    kept.push(given.slice(at, from))
    at = to + closing.length
  }
}

export const strings: FilterTable = {
  capitalize: filter('', value => capitalize(text(value))),
  center: filter('width=80', (value, [cells = 80]) => center(text(value), width(cells))),
  lower: filter('', value => text(value).toLowerCase()),
  upper: filter('', value => text(value).toUpperCase()),
  title: filter('', value => title(text(value))),
  trim: filter('chars=null', (value, [chars = null]) => strip(text(value), chars, true, true)),
  replace,
  split,
  indent,
  truncate,
  format,
  wordcount: filter('', value => text(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  wordwrap: filter(
    'width=79 break_long_words=true wrapstring=null break_on_hyphens=true',
    (value, [cells = 79, breaks = true, newline = null, hyphens = true], { budget }) => {
      const whole = asText(value, 'what wordwrap takes')
      // Wrapping reads each word several times.
      budget.step(whole.length)
      return splitLines(whole)
        .map(line => wrapText(line, width(cells), truth(breaks) === true, truth(hyphens) === true))
        .map(lines => lines.join(newline === null ? '\n' : asText(newline, 'wrapstring')))
        .join(newline === null ? '\n' : asText(newline, 'wrapstring'))
    },
  ),
  escape: escaping,
  e: escaping,
  forceescape: escaping,
  safe: filter('', value => text(value)),
  striptags: stripTags,
  xmlattr: xmlAttributes,
  quote: filter('', value => quoteWord(value === null ? '' : text(value))),
}
