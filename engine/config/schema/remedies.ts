import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import { typeOf } from './coerce.js'

/** Where a user writes parameters, which is where a remedy sends them: lines of a file unless told. */
export interface CommandLine {
  /** The flag that takes them. */
  readonly flag: string
  /** The parameter that bare text after the flag is. */
  readonly freeForm?: string
}

/** What to write for a parameter that is missing. */
export const addition = (schema: JsonSchema, name: string, line: CommandLine | undefined): string => {
  const value = exampleOf(schema, name)
  if (line === undefined) return `add ${name}: ${value}`
  return line.freeForm === name
    ? `write it after ${line.flag}: ${typed(line, value)}`
    : `add it: ${typed(line, pair(name, value))}`
}

/** A parameter as it is typed, with an example of a value. */
export const example = (schema: JsonSchema, name: string, line: CommandLine): string =>
  typed(line, pair(name, exampleOf(schema, name)))

const pair = (name: string, value: string): string => `${name}=${/\s/.test(value) ? `"${value}"` : value}`

const typed = ({ flag }: CommandLine, text: string): string => `${flag} '${text}'`

const exampleOf = (schema: JsonSchema, name: string): string => {
  const property = isJsonObject(schema['properties']) ? schema['properties'][name] : undefined
  if (!isJsonObject(property)) return '…'
  const example = [property['examples'], property['enum']].flat().find(one => one !== undefined)
  return example === undefined ? '…' : typeof example === 'string' ? example : JSON.stringify(example)
}

/** How a value of this type is written. */
export const typeHint = (
  type: string,
  path: readonly (string | number)[],
  data: Json,
  line: CommandLine | undefined,
): string => {
  const name = path.filter(part => typeof part === 'string').at(-1) ?? 'it'
  if (type === 'boolean') return 'write true or false'
  if (type === 'integer' || type === 'number')
    return line === undefined ? 'write a number without quotes' : 'write a number'
  if (type === 'array')
    return line === undefined
      ? `write ${name} as a list: each item on a line of its own after '- '`
      : `write ${name} as a list, in JSON: ${line.flag} '{"${name}": ["…"]}'`
  if (type === 'object')
    return line === undefined
      ? `write ${name} as a dict: 'key: value' lines under it`
      : `write ${name} as a dict, in JSON: ${line.flag} '{"${name}": {"…": "…"}}'`
  return typeOf(data) === 'array' ? 'write one value, without brackets' : 'write it as text, in quotes'
}
