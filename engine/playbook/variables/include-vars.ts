import { realpathSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { isFolder } from '../../config/files/local-file.js'
import { lookedFor } from '../../config/files/near-file.js'
import { shownPath } from '../../config/files/shown-path.js'
import { namesIn } from '../../config/files/text.js'
import { ConfigError } from '../../core/failure.js'
import type { Step } from '../../core/step.js'
import type { Key, Value } from '../../core/value.js'
import { type Binding, type Layer, rank } from '../../core/vars.js'
import { varsLayer } from '../../inventory/vars-files.js'
import { boundedTest } from '../../python/bounded-regex.js'
import { pythonRegex } from '../../python/regex.js'
import { keyText } from '../../python/to-json.js'
import { candidatesNear, firstFile } from '../files/find-file.js'
import { candidatesIn, searchPath } from '../files/search-path.js'

/**
 * `include_vars`: one file, or the files of a folder in the order of their names, as one layer.
 * @throws ConfigError naming the paths that were looked at, or what is wrong inside
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
    for (const [name, binding] of (await varsLayer(shownPath(file), rank.includeVars)).bindings)
      bindings.set(name, binding)
  }
  const name = text('name')
  const label = `include_vars ${files.map(file => basename(file)).join(', ')}`
  if (name === undefined) return { rank: rank.includeVars, name: label, bindings }
  const dict = new Map<Key, Value>([...bindings].map(([key, { value }]) => [key, value]))
  return { rank: rank.includeVars, name: label, bindings: new Map([[name, { value: dict, source: step.source }]]) }
}

const oneFile = (step: Step, name: string): string => {
  const candidates = candidatesIn(searchPath(step.origin), 'vars', name)
  const file = firstFile(candidates)
  if (file !== undefined) return file
  throw notThere('file of variables', name, candidates, step)
}

/**
 * As in Ansible a file of another ending is a mistake unless it is left out by name or `ignore_unknown_extensions` is set: without a
 * message variables would be missing.
 */
const filesIn = (step: Step, name: string, params: ReadonlyMap<string, Value>): readonly string[] => {
  const candidates = candidatesNear(step.origin, 'vars', name)
  const folder = candidates.find(isFolder)
  if (folder === undefined) throw notThere('folder of variables', name, candidates, step)
  const depth = Number(params.get('depth') ?? 0)
  const endings = list(params.get('extensions')) ?? ['yaml', 'yml', 'json']
  const ignored = (list(params.get('ignore_files')) ?? []).map(end => pythonRegex(`(?:${end})$`))
  const matching = params.get('files_matching')
  const pattern = typeof matching === 'string' ? pythonRegex(matching) : undefined
  const wanted = foldersBelow(folder, depth === 0 ? Number.POSITIVE_INFINITY : depth)
    .toSorted()
    .flatMap(one => namesIn(one).map(file => join(one, file)))
    .filter(file => !isFolder(file) && (pattern === undefined || boundedTest(pattern, basename(file))))
    .filter(file => !ignored.some(end => boundedTest(end, basename(file))))
  const others = wanted.filter(file => !endings.includes(extname(file).slice(1)))
  const [other] = others
  if (other === undefined || params.get('ignore_unknown_extensions') === true)
    return wanted.filter(file => !others.includes(file))
  throw new ConfigError({
    message: `${shownPath(other)} does not end in ${endings.map(ending => `.${ending}`).join(', ')}`,
    source: step.source,
    hint: 'leave such files out: ignore_unknown_extensions: true',
  })
}

/** A folder and those in it. @param above the real paths that led here: a link back to one of them has no end */
const foldersBelow = (folder: string, depth: number, above: readonly string[] = []): readonly string[] => {
  const real = realpathSync(folder)
  if (above.includes(real)) return []
  const inside = depth > 1 ? namesIn(folder).map(name => join(folder, name)) : []
  return [folder, ...inside.filter(isFolder).flatMap(one => foldersBelow(one, depth - 1, [...above, real]))]
}

const list = (value: Value | undefined): readonly string[] | undefined =>
  Array.isArray(value)
    ? value.map(one => keyText(one as Key))
    : typeof value === 'string'
      ? value.split(',')
      : undefined

const notThere = (what: string, name: string, candidates: readonly string[], step: Step): ConfigError =>
  new ConfigError({
    message: `no such ${what}: ${name}`,
    source: step.source,
    hint: lookedFor(name, candidates, shownPath),
  })
