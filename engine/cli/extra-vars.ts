import { parseJsonOrYaml, readYaml } from '../config/yaml.js'
import { ConfigError } from '../core/failure.js'
import { isDict, type Value } from '../core/value.js'
import { type Binding, type Layer, rank } from '../core/vars.js'

/** `-e`: k=v pairs (strings, but for exactly true and false), JSON or YAML, `@file`. */
export const extraVars = async (given: readonly string[]): Promise<Layer> => {
  const bindings = new Map<string, Binding>()
  for (const text of given) {
    for (const [name, value] of await read(text)) bindings.set(name, { value, source: { file: '-e', line: 1, col: 1 } })
  }
  return { rank: rank.extra, name: 'extra vars (-e)', bindings }
}

const read = async (text: string): Promise<readonly (readonly [string, Value])[]> => {
  if (text.startsWith('@')) return entries(await readYaml(text.slice(1)), text)
  if (/^\s*[{[]/.test(text)) return entries(parseJsonOrYaml(text, '-e'), '-e')
  return pairs(text)
}

const entries = (value: Value, from: string): readonly (readonly [string, Value])[] => {
  if (value === null) return []
  if (isDict(value)) return [...value].map(([name, one]) => [String(name), one] as const)
  throw new ConfigError({ message: `${from} holds no variables`, hint: 'write name: value pairs' })
}

/** Words of k=v; quotes keep spaces together. */
const pairs = (text: string): readonly (readonly [string, Value])[] =>
  (text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? []).map(word => {
    const at = word.indexOf('=')
    if (at < 1)
      throw new ConfigError({
        message: `-e '${text}': '${word}' is not k=v`,
        hint: 'write -e name=value, JSON, or @file',
      })
    const value = word.slice(at + 1).replace(/"([^"]*)"|'([^']*)'/g, (_, a, b) => a ?? b ?? '')
    return [word.slice(0, at), value === 'true' ? true : value === 'false' ? false : value] as const
  })
