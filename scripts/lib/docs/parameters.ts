import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '../../../engine/core/json.js'

/** The properties of a schema as a Markdown table: type, default, and meaning. */
export const parameterTable = (schema: JsonSchema): readonly string[] => {
  const properties = propertiesOf(schema)
  if (properties.length === 0) return ['No parameters.']
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return [
    '| parameter | type | default | meaning |',
    '|---|---|---|---|',
    ...alike(properties).map(([names, property]) => row(names, property, required.includes(names[0]))),
  ]
}

export const propertiesOf = (schema: JsonSchema): readonly (readonly [string, JsonObject])[] => {
  const properties = schema['properties']
  if (!isJsonObject(properties)) return []
  return Object.entries(properties).map(([name, property]) => [name, isJsonObject(property) ? property : {}])
}

export const aliasesOf = (property: JsonObject): readonly string[] =>
  Array.isArray(property['aliases']) ? property['aliases'].map(String) : []

type Named<N> = readonly (readonly [N, JsonObject])[]

/** Properties with the same description share a row. */
const alike = (properties: Named<string>): Named<readonly string[]> => {
  const rows = new Map<string, readonly [readonly string[], JsonObject]>()
  for (const [name, property] of properties) {
    const key =
      property['type'] === undefined && property['enum'] === undefined ? JSON.stringify(property) : `= ${name}`
    rows.set(key, [[...(rows.get(key)?.[0] ?? []), name], property])
  }
  return [...rows.values()]
}

const row = (names: readonly string[], property: JsonObject, required: boolean): string => {
  const fallback = property['default']
  const cells = [
    names.map(code).join(', '),
    typeOf(property),
    required ? '**required**' : fallback === undefined ? '' : code(JSON.stringify(fallback)),
    meaning(property),
  ]
  return `| ${cells.map(cell => cell.replaceAll('\n', ' ').replaceAll('|', '\\|')).join(' | ')} |`
}

const meaning = (property: JsonObject): string => {
  const aliases = aliasesOf(property)
  const examples = Array.isArray(property['examples']) ? property['examples'] : []
  return [
    property['description'] === undefined ? '' : String(property['description']),
    ...(examples.length === 0 ? [] : [`Example: ${examples.map(one => code(inline(one))).join(', ')}.`]),
    ...(aliases.length === 0 ? [] : [`Also written ${aliases.map(code).join(', ')}.`]),
  ]
    .filter(part => part !== '')
    .join(' ')
}

export const typeOf = (property: JsonObject): string => {
  if (Array.isArray(property['enum'])) return property['enum'].map(one => code(inline(one))).join(', ')
  const { type, items, format } = property
  if (type === 'array')
    return isJsonObject(items) && items['type'] !== undefined ? `list of ${String(items['type'])}s` : 'list'
  if (type === 'object') return 'dict'
  if (Array.isArray(type)) return type.map(String).join(' or ')
  if (typeof format === 'string' && type === 'string') return format.replaceAll('-', ' ')
  return type === undefined ? 'any' : String(type)
}

const inline = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A code span; a text with a backtick needs two around it. */
const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)
