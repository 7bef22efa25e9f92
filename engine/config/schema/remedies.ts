import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import { typeOf } from './coerce.js'

/** How parameters are written on a command line, for hints. */
export interface CommandLine {
  /** The flag before the parameters. */
  readonly flag: string
  /** The parameter that bare text after the flag sets. */
  readonly freeForm?: string
}

/** The hint for a missing parameter. */
export const addition = (schema: JsonSchema, name: string, line: CommandLine | undefined): string => {
  const value = exampleOf(schema, name)
  if (line === undefined) return `add ${name}: ${value}`
  return line.freeForm === name
    ? `write it after ${line.flag}: ${typed(line, value)}`
    : `add it: ${typed(line, pair(name, value))}`
}

/** A parameter with an example value, as on a command line. */
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

/** How to write a value of this type. */
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
  return typeOf(data) === 'array' ? 'write one value, without brackets' : 'write the value as text, in quotes'
}
