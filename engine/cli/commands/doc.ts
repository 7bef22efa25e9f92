import { didYouMean } from '../../config/did-you-mean.js'
import { ConfigError } from '../../core/failure.js'
import { isJsonObject, type Json, type JsonSchema } from '../../core/json.js'
import { controls } from '../../playbook/control/controls.js'
import { bundledRoles, readmeOf } from '../../playbook/roles/bundled-roles.js'
import { allModules } from '../project/modules.js'

interface Documented {
  readonly name: string
  readonly doc: string
  readonly params: JsonSchema
  readonly examples?: string
  /** The README of a role. */
  readonly readme?: string
}

/**
 * Prints the documentation of a module or role, from its schema and README; without a name, a list with one line for
 * each.
 */
export const showDoc = async (name: string | undefined, say: (text: string) => void): Promise<number> => {
  const moduleTable = await allModules()
  const roles = (await bundledRoles()).map((role): Documented => ({ ...role, readme: readmeOf(role.name) }))
  const modules = new Map([...moduleTable, ...controls].map(([, one]) => [one.name, one as Documented]))
  if (name === undefined) {
    const line = (one: Documented): string => `  ${one.name.padEnd(20)} ${one.doc.trim().split('\n')[0] ?? ''}`
    const sorted = [...modules.values()].toSorted((a, b) => a.name.localeCompare(b.name))
    for (const text of ['Modules', ...sorted.map(line), '', 'Roles', ...roles.map(line)]) say(text)
    return 0
  }
  const short = name.replace(/^[a-z_]+\.[a-z_]+\./, '')
  const found = moduleTable.get(short) ?? controls.get(short) ?? roles.find(role => role.name === name)
  if (found === undefined) {
    const hint = didYouMean(name, [...moduleTable.keys(), ...controls.keys(), ...roles.map(role => role.name)])
    throw new ConfigError({
      message: `there is no module or role '${name}'`,
      hint: hint ?? "see 'tkplay doc' for all of them",
    })
  }
  for (const line of page(found)) say(line)
  return 0
}

const page = ({ name, doc, params, examples, readme = '' }: Documented): readonly string[] => [
  name.toUpperCase(),
  '',
  ...doc.trim().split('\n'),
  '',
  'PARAMETERS',
  ...parameters(params),
  ...(examples === undefined
    ? []
    : ['', "EXAMPLES (tasks, for under a play's 'tasks:')", '', ...examples.trim().split('\n')]),
  ...(readme === '' ? [] : ['', 'NOTES', '', ...plainTables(readme.trim().split('\n'))]),
]

/**
 * Markdown tables are too wide for a terminal: each row becomes a line with its first cell, and the other cells below
 * it.
 */
const plainTables = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line, index) => {
    if (!line.startsWith('|')) return [line]
    if (isRule(line) || isRule(lines[index + 1])) return []
    const [first = '', ...others] = line.replace(/^\|\s*|\s*\|$/g, '').split(/\s+\|\s+/)
    return [`  ${first}`, ...others.filter(cell => cell !== '').map(cell => `      ${cell}`)]
  })

const isRule = (line = ''): boolean => /^\|[\s|:-]+\|$/.test(line)

const parameters = (params: JsonSchema): readonly string[] => {
  const required = Array.isArray(params['required']) ? params['required'] : []
  const properties = isJsonObject(params['properties']) ? params['properties'] : {}
  return Object.entries(properties).flatMap(([name, schema]) => {
    const one = isJsonObject(schema) ? schema : {}
    const notes = [
      typeOf(one),
      ...(required.includes(name) ? ['required'] : []),
      ...(one['default'] === undefined ? [] : [`default ${JSON.stringify(one['default'])}`]),
      ...(Array.isArray(one['aliases']) ? [`also ${one['aliases'].join(', ')}`] : []),
    ]
    return [`  ${name} (${notes.join(', ')})`, `      ${String(one['description'] ?? '')}`]
  })
}

const typeOf = (schema: { readonly [key: string]: Json }): string => {
  if (Array.isArray(schema['enum'])) return schema['enum'].map(String).join(' | ')
  return [schema['type'] ?? 'any'].flat().map(String).join(' or ')
}
