import type { Value } from '../../core/value.js'
import { dumpJson, type JsonStyle } from '../../python/json-dump.js'
import { readJson } from '../../python/json-reader.js'
import { OperationError } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { truth } from '../values/compare.js'
import { asText } from '../values/convert.js'

const style = (indent: Value, sortKeys: Value, ascii: Value, separators: Value): JsonStyle => {
  const given = separators === null ? undefined : (separators as readonly Value[]).map(text)
  return {
    indent:
      indent === null ? undefined : typeof indent === 'string' ? indent : ' '.repeat(Math.min(Number(indent), 100)),
    sortKeys: truth(sortKeys) === true,
    ascii: truth(ascii) === true,
    item: given?.[0] ?? (indent === null ? ', ' : ','),
    colon: given?.[1] ?? ': ',
  }
}

/** @throws OperationError for what is not JSON */
export const parseJson = (written: string): Value => {
  try {
    return readJson(written)
  } catch (error) {
    if (error instanceof SyntaxError) throw new OperationError(`this is not JSON: ${error.message}`)
    throw error
  }
}

const htmlSafe = (json: string): string =>
  json.replace(/[<>&']/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

const options =
  'profile=null indent=null sort_keys=false ensure_ascii=true separators=null vault_to_text=null preprocess_unsafe=null'

export const json: FilterTable = {
  to_json: filter(options, (value, [, indent = null, sort = false, ascii = true, separators = null]) =>
    dumpJson(value, style(indent, sort, ascii, separators)),
  ),
  to_nice_json: filter(
    'indent=4 sort_keys=true ensure_ascii=true separators=null vault_to_text=null',
    (value, [indent = 4, sort = true, ascii = true]) => dumpJson(value, style(indent, sort, ascii, [',', ': '])),
  ),
  tojson: filter('indent=null', (value, [indent = null]) => htmlSafe(dumpJson(value, style(indent, true, true, null)))),
  from_json: filter('profile=null', value => parseJson(asText(value, 'what from_json reads'))),
}
