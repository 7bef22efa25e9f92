import { readdirSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { boundedTest } from '../config/bounded-regex.js'
import { ConfigError } from '../core/failure.js'
import { pythonRegex } from '../core/python-re.js'
import type { Step } from '../core/step.js'
import { type Key, keyText, type Value } from '../core/value.js'
import { type Binding, type Layer, rank } from '../core/vars.js'
import { varsLayer } from '../inventory/vars-files.js'
import { firstFile, isFolder, placesFor } from './find-file.js'
import { placesIn, searchPath } from './search-path.js'
import { shown } from './work.js'

/**
 * `include_vars`: one file, or the files of a folder in the order of their names, as one layer.
 * @throws ConfigError naming the places looked at, or what is wrong inside
 */
export const includeVars = async (step: Step, params: ReadonlyMap<string, Value>): Promise<Layer> => {
  const text = (key: string): string | undefined => {
    const value = params.get(key)
    return value === undefined || value === null ? undefined : String(value)
  }
  const dir = text('dir')
  const files = dir === undefined ? [oneFile(step, text('file') ?? '')] : filesIn(step, dir, params)
  const bindings = new Map<string, Binding>()
  for (const file of files) {
    for (const [name, binding] of (await varsLayer(shown(file), rank.includeVars)).bindings) bindings.set(name, binding)
  }
  const name = text('name')
  const label = `include_vars ${files.map(file => basename(file)).join(', ')}`
  if (name === undefined) return { rank: rank.includeVars, name: label, bindings }
  const dict = new Map<Key, Value>([...bindings].map(([key, { value }]) => [key, value]))
  return { rank: rank.includeVars, name: label, bindings: new Map([[name, { value: dict, source: step.source }]]) }
}

const oneFile = (step: Step, name: string): string => {
  const places = placesIn(searchPath(step.origin), 'vars', name)
  const file = firstFile(places)
  if (file !== undefined) return file
  throw notThere('file of variables', name, places, step)
}

const filesIn = (step: Step, name: string, params: ReadonlyMap<string, Value>): readonly string[] => {
  const places = placesFor(step.origin, 'vars', name)
  const folder = places.find(isFolder)
  if (folder === undefined) throw notThere('folder of variables', name, places, step)
  const depth = Number(params.get('depth') ?? 0)
  const endings = list(params.get('extensions')) ?? ['yaml', 'yml', 'json']
  const ignored = list(params.get('ignore_files')) ?? []
  const matching = params.get('files_matching')
  const pattern = typeof matching === 'string' ? pythonRegex(matching) : undefined
  return walk(folder, depth === 0 ? Number.POSITIVE_INFINITY : depth).filter(file => {
    return (
      endings.includes(extname(file).slice(1)) &&
      !ignored.includes(basename(file)) &&
      (pattern === undefined || boundedTest(pattern, basename(file)))
    )
  })
}

const walk = (folder: string, depth: number): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .filter(one => !one.name.startsWith('.'))
    .flatMap(one => {
      const path = join(folder, one.name)
      if (!isFolder(path)) return [path]
      return depth > 1 ? walk(path, depth - 1) : []
    })

const list = (value: Value | undefined): readonly string[] | undefined =>
  Array.isArray(value)
    ? value.map(one => keyText(one as Key))
    : typeof value === 'string'
      ? value.split(',')
      : undefined

const notThere = (what: string, name: string, places: readonly string[], step: Step): ConfigError =>
  new ConfigError({
    message: `no such ${what}: ${name}`,
    source: step.source,
    hint: `looked for ${places.map(shown).join(', ')}`,
  })
