import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Diagnostic } from '../core/diagnostic.js'
import { ConfigError } from '../core/failure.js'
import type { Json, JsonObject, JsonSchema } from '../core/json.js'
import { formatSource } from '../core/source.js'
import { toJson } from '../python/to-json.js'
import { didYouMean } from './did-you-mean.js'
import { checkParams, nowhere, whereIn } from './schema/check-params.js'
import { readYaml } from './yaml/yaml.js'

/** One setting. `name` is the key in tkplay.yml; the environment variable is TKPLAY_NAME, the flag has hyphens. */
interface Setting {
  readonly name: keyof Settings
  readonly schema: JsonSchema
  readonly doc: string
  /** The separator of a list in the environment variable. */
  readonly separator?: ':' | ','
  /** The value is a path; a relative path in a file is relative to that file. */
  readonly path?: true
}

export interface Settings {
  readonly inventory: readonly string[]
  readonly forks: number
  readonly user?: string
  readonly private_key?: string
  readonly ssh_common_args?: string
  readonly timeout: number
  readonly known_hosts: readonly string[]
  readonly become: boolean
  readonly become_user?: string
  readonly become_method?: 'sudo' | 'su'
  readonly diff: boolean
  readonly force_handlers: boolean
  readonly output?: 'tree' | 'plain' | 'json' | 'junit'
  readonly color: 'auto' | 'always' | 'never'
  readonly roles_path: readonly string[]
}

const strings: JsonSchema = { type: 'array', items: { type: 'string' } }

/** All settings, in the order of the documentation. */
const settings: readonly Setting[] = [
  {
    name: 'inventory',
    schema: { ...strings, default: [] },
    separator: ',',
    path: true,
    doc: 'Inventory files, folders, scripts.',
  },
  { name: 'forks', schema: { type: 'integer', minimum: 1, default: 25 }, doc: 'How many hosts are worked on at once.' },
  { name: 'user', schema: { type: 'string', minLength: 1 }, doc: 'The user to log in as.' },
  {
    name: 'private_key',
    schema: { type: 'string', minLength: 1 },
    path: true,
    doc: 'The private key file to log in with.',
  },
  { name: 'ssh_common_args', schema: { type: 'string' }, doc: 'Words for ssh: -o Key=Value, -J HOST, -F FILE.' },
  {
    name: 'timeout',
    schema: { type: 'integer', minimum: 1, default: 10 },
    doc: 'Seconds for reaching a host and logging in.',
  },
  {
    name: 'known_hosts',
    schema: { ...strings, default: [] },
    separator: ':',
    path: true,
    doc: 'Files of pinned host keys, besides ~/.ssh/known_hosts.',
  },
  { name: 'become', schema: { type: 'boolean', default: false }, doc: 'Run as another user, root by default.' },
  { name: 'become_user', schema: { type: 'string', minLength: 1 }, doc: 'The user to become.' },
  { name: 'become_method', schema: { type: 'string', enum: ['sudo', 'su'] }, doc: 'How to become that user.' },
  { name: 'diff', schema: { type: 'boolean', default: false }, doc: 'Show what changes in files.' },
  {
    name: 'force_handlers',
    schema: { type: 'boolean', default: false },
    doc: 'Run notified handlers on failed hosts too.',
  },
  {
    name: 'output',
    schema: { type: 'string', enum: ['tree', 'plain', 'json', 'junit'] },
    doc: 'What the output looks like.',
  },
  {
    name: 'color',
    schema: { type: 'string', enum: ['auto', 'always', 'never'], default: 'auto' },
    doc: 'When to use colours.',
  },
  {
    name: 'roles_path',
    schema: { ...strings, default: [] },
    separator: ':',
    path: true,
    doc: 'Folders of roles, besides roles/ beside the playbook.',
  },
]

/** The settings for the documentation. */
export const settingDocs = settings.map(({ name, schema, doc }) => ({
  name,
  schema,
  doc,
  variable: `TKPLAY_${name.toUpperCase()}`,
}))

/** The name of the settings file beside the playbook. */
const settingsFile = 'tkplay.yml'

const environmentName = (name: string): string => `TKPLAY_${name.toUpperCase()}`

export interface LoadedSettings {
  readonly values: Settings
  /** Likely mistakes that are not errors. */
  readonly warnings: readonly Diagnostic[]
  /** The source of a value for messages: `--forks`, `TKPLAY_FORKS`, `tkplay.yml:3:8`, `default`. */
  origin(name: keyof Settings): string
}

/**
 * Loads the settings. Flags win over the environment, the environment over tkplay.yml, tkplay.yml over the defaults.
 * @param flags the flags of the command line, by setting
 * @param dir the folder of tkplay.yml: that of the first playbook, or else the working directory
 * @throws ConfigError for an unknown setting, a wrong type, an unreadable file
 */
export const loadSettings = async (
  flags: { readonly [Name in keyof Settings]?: Json | undefined },
  environment: { readonly [name: string]: string | undefined },
  dir: string,
): Promise<LoadedSettings> => {
  const file = join(dir, settingsFile)
  const layers = [await ofFile(file), ofEnvironment(environment), ofFlags(flags)]
  const merged = Object.assign({}, ...layers.map(layer => layer.values)) as JsonObject
  const { value } = checkParams(schema, merged, nowhere())
  return {
    values: value as unknown as Settings,
    warnings: typosIn(environment),
    origin: name => layers.findLast(layer => Object.hasOwn(layer.values, name))?.origin(name) ?? 'default',
  }
}

interface Source {
  readonly values: JsonObject
  origin(name: string): string
}

const schema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(settings.map(one => [one.name, one.schema])),
}

const withoutDefaults: JsonSchema = {
  ...schema,
  properties: Object.fromEntries(settings.map(({ name, schema: { default: _, ...rest } }) => [name, rest])),
}

/** The schemas by which settings are checked. */
export const settingsSchemas: readonly JsonSchema[] = [schema, withoutDefaults]

const ofFile = async (file: string): Promise<Source> => {
  if (!existsSync(file)) return { values: {}, origin: () => file }
  const tree = await readYaml(file)
  if (tree === null) return { values: {}, origin: () => file }
  if (!(tree instanceof Map)) {
    throw new ConfigError({
      message: 'settings must be a dict',
      source: { file, line: 1, col: 1 },
      hint: "write 'name: value' lines",
    })
  }
  const where = whereIn(tree)
  const { value } = checkParams(withoutDefaults, toJson(tree), where, { noun: 'setting' })
  return {
    values: absolute(value, dirname(resolve(file))),
    origin: name => {
      const source = where.sourceOf([name])
      return source === undefined ? file : formatSource(source)
    },
  }
}

const ofEnvironment = (environment: { readonly [name: string]: string | undefined }): Source => {
  const values: { [name: string]: Json } = {}
  for (const { name, separator } of settings) {
    const text = environment[environmentName(name)]
    if (text === undefined || text === '') continue
    values[name] =
      separator === undefined || text.endsWith(',') ? text : text.split(separator).filter(one => one !== '')
    if (separator !== undefined && text.endsWith(',')) values[name] = [text]
  }
  const at = (path: readonly (string | number)[]) => environmentName(String(path[0] ?? ''))
  return { values: named(values, at), origin: environmentName }
}

/**
 * Warnings about environment variables that look like a misspelled setting. Any other TKPLAY_ variable may belong to
 * another program.
 */
const typosIn = (environment: { readonly [name: string]: string | undefined }): LoadedSettings['warnings'] => {
  const known = settings.map(({ name }) => environmentName(name))
  return Object.keys(environment).flatMap(name => {
    if (!/^TKPLAY_/i.test(name) || known.includes(name)) return []
    const hint = didYouMean(name, known)
    return hint === undefined ? [] : [{ message: `the environment variable ${name} is no setting`, hint }]
  })
}

const ofFlags = (flags: { readonly [name: string]: Json | undefined }): Source => {
  const values = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)) as JsonObject
  const flag = (name: string) => `--${name.replaceAll('_', '-')}`
  return { values: named(values, path => flag(String(path[0] ?? ''))), origin: flag }
}

/** Checks values that are in no file. Errors name the flag or the variable instead of a position. */
const named = (unchecked: JsonObject, name: (path: readonly (string | number)[]) => string): JsonObject => {
  const values: { [name: string]: Json } = {}
  for (const [key, value] of Object.entries(unchecked)) {
    const one = checkParams(withoutDefaults, { [key]: value }, nowhere(), {
      of: name([key]),
      noun: 'setting',
      literal: false,
    })
    Object.assign(values, one.value)
  }
  return values
}

const absolute = (values: JsonObject, dir: string): JsonObject =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isPath = settings.some(one => one.name === name && one.path === true)
      return [
        name,
        isPath ? (Array.isArray(value) ? value.map(one => relativeTo(one, dir)) : relativeTo(value, dir)) : value,
      ]
    }),
  )

/** A path relative to the settings file. `host1,host2,` is a list of hosts, and `~` the home folder. */
const relativeTo = (path: Json, dir: string): Json =>
  typeof path !== 'string' || path.includes(',') || path.startsWith('~') ? path : resolve(dir, path)
