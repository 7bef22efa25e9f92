import type { Json } from '../state/state.js'

/** JSON data as block YAML: what the lab writes for people to read. Texts that could be something else are quoted as in JSON. */
export const toYaml = (value: Json): string => `${nested(value, 0)}\n`

const block = (value: Json, depth: number): string => {
  const indent = '  '.repeat(depth)
  if (isList(value)) return value.map(item => `${indent}- ${nested(item, depth + 1).trimStart()}`).join('\n')
  if (!isMap(value)) return `${indent}${scalar(value)}`
  return Object.entries(value)
    .map(([key, item]) => `${indent}${keyText(key)}:${isFlat(item) ? ' ' : '\n'}${nested(item, depth + 1)}`)
    .join('\n')
}

const nested = (value: Json, depth: number): string => (isFlat(value) ? scalar(value) : block(value, depth))

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
const isMap = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !isList(value)
const isFlat = (value: Json): boolean => !(isList(value) || isMap(value)) || Object.keys(value).length === 0

const keyText = (key: string): string => (/^[A-Za-z_][\w.-]*$/.test(key) && !WORD.test(key) ? key : JSON.stringify(key))

const scalar = (value: Json): string =>
  typeof value === 'string' && PLAIN.test(value) && !WORD.test(value) ? value : JSON.stringify(value)

/** No space, no mark that YAML gives a meaning at its place, and nothing that looks like a number. */
const PLAIN = /^[A-Za-z/][\w./:-]*[\w/]$/
const WORD = /^(true|false|yes|no|on|off|null|y|n)$/i
