import { Bytes, type Key, type Value } from '../../core/value.js'
import { aType, isFloat, isInt, isList, OperationError, typeName } from '../../python/kinds.js'
import { floatText } from '../../python/number-text.js'
import { text, toNumber } from '../../python/text.js'
import { emitYaml, type YamlNode } from '../../python/yaml-emitter.js'
import type { FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { callController } from '../runtime/call-controller.js'
import { truth } from '../values/compare.js'
import { asInt } from '../values/convert.js'
import { knownKeyOrder } from './attribute-path.js'

/** @param flow whether collections are written in one line; undefined: only those of scalars, which is PyYAML's default */
const represent = (value: Value, sorted: boolean, flow: boolean | undefined): YamlNode => {
  if (isList(value)) {
    const items = value.map(one => represent(one, sorted, flow))
    return { kind: 'list', items, flow: flow ?? items.every(isPlainScalar) }
  }
  if (value instanceof Map) {
    const entries = (sorted ? sortedEntries(value) : [...value]).map(
      ([key, one]) => [represent(key, sorted, flow), represent(one, sorted, flow)] as const,
    )
    return {
      kind: 'dict',
      entries,
      flow: flow ?? entries.every(([key, one]) => isPlainScalar(key) && isPlainScalar(one)),
    }
  }
  return scalar(value)
}

const isPlainScalar = (node: YamlNode): boolean => node.kind === 'text' || node.kind === 'plain'

/** The entries sorted by key; as they are where the keys cannot be ordered. */
const sortedEntries = (dict: ReadonlyMap<Key, Value>): readonly (readonly [Key, Value])[] => {
  try {
    return [...dict].sort(([a], [b]) => knownKeyOrder(a, b))
  } catch (error) {
    if (error instanceof OperationError) return [...dict]
    throw error
  }
}

const scalar = (value: Value): YamlNode => {
  if (typeof value === 'string') return { kind: 'text', text: value }
  if (value === null) return { kind: 'plain', text: 'null' }
  if (typeof value === 'boolean') return { kind: 'plain', text: String(value) }
  if (isInt(value)) return { kind: 'plain', text: String(value) }
  if (isFloat(value)) return { kind: 'plain', text: yamlFloat(toNumber(value)) }
  if (value instanceof Bytes) {
    const encoded = Buffer.from(value.bytes)
      .toString('base64')
      .replace(/.{76}(?=.)/g, '$&\n')
    return { kind: 'literal', tag: '!!binary', text: `${encoded}\n` }
  }
  if (typeName(value) === 'datetime') return { kind: 'plain', text: text(value) }
  throw new OperationError(`${aType(value)} has no YAML`)
}

/** YAML 1.1 requires a point before an exponent. */
const yamlFloat = (value: number): string => {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  return floatText(value).replace(/^(-?\d+)e/, '$1.0e')
}

const parameters = (indent: number, flow: string): string =>
  `indent=${indent} width=80 sort_keys=true explicit_start=false explicit_end=false default_flow_style=${flow} allow_unicode=true vault_to_text=null dump_vault_tags=null`

const dump = (value: Value, args: readonly Value[]): string => {
  const [indent = 2, width = 80, sort = true, start = false, end = false, flow = null] = args
  const by = asInt(indent, 'indent')
  const most = typeof width === 'number' ? asInt(width, 'width') : 80
  const step = by > 1 && by < 10 ? by : 2
  return emitYaml(represent(value, truth(sort) === true, flow === null ? undefined : truth(flow) === true), {
    indent: step,
    width: most > step * 2 ? most : 80,
    explicitStart: truth(start) === true,
    explicitEnd: truth(end) === true,
  })
}

const requireParser = <T>(given: T | undefined): T => {
  if (given === undefined) throw new OperationError('YAML cannot be read here', 'lookup')
  return given
}

export const yaml: FilterTable = {
  to_yaml: filter(parameters(2, 'null'), dump),
  to_nice_yaml: filter(parameters(4, 'false'), dump),
  from_yaml: filter('', (value, _, { env }) =>
    typeof value === 'string' ? callController('from_yaml', () => requireParser(env.options.parseYaml)(value)) : value,
  ),
  from_yaml_all: filter('', (value, _, { env }) => {
    if (value === null) return []
    return typeof value === 'string'
      ? callController('from_yaml_all', () => requireParser(env.options.parseYamlAll)(value))
      : value
  }),
}
