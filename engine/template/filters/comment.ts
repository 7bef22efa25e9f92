import type { Value } from '../../core/value.js'
import { OperationError } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { asInt, asText } from '../values/convert.js'

interface Style {
  readonly beginning?: string
  readonly decoration: string
  readonly end?: string
}

const styles: ReadonlyMap<string, Style> = new Map([
  ['plain', { decoration: '# ' }],
  ['erlang', { decoration: '% ' }],
  ['c', { decoration: '// ' }],
  ['cblock', { beginning: '/*', decoration: ' * ', end: ' */' }],
  ['xml', { beginning: '<!--', decoration: ' - ', end: '-->' }],
])

/** Text as a comment: a beginning, an end, and a decoration before each line. */
const comment = filter('style="plain" **named', (value, [name = 'plain', named = null]) => {
  const style = styles.get(text(name))
  if (style === undefined)
    throw new OperationError(`comment has no style '${text(name)}'`, 'type', `it has ${[...styles.keys()].join(', ')}`)
  const given = named as ReadonlyMap<string, Value> & Value
  const option = (key: string, fallback: string): string => {
    const found = given.get(key)
    return found === undefined ? fallback : text(found)
  }
  const count = (key: string): number => Math.min(asInt(given.get(key) ?? 1, key), 1_000)
  const decoration = option('decoration', style.decoration)
  const newline = option('newline', '\n')
  const around = decoration.trimEnd()
  const [beginning, end] = [option('beginning', style.beginning ?? ''), option('end', style.end ?? '')]
  const [prefix, postfix] = [option('prefix', around), option('postfix', around)]
  const body = (decoration + asText(value, 'what comment takes').replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    around + newline,
  )
  return [
    beginning === '' ? '' : beginning + newline,
    prefix === '' ? '' : (prefix === newline ? newline : prefix + newline).repeat(count('prefix_count')),
    body,
    (newline + postfix).repeat(count('postfix_count')),
    end === '' ? '' : newline + end,
  ].join('')
})

export const comments: FilterTable = { comment }
