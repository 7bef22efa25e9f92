import { parseYamlDocuments } from '../../config/yaml/yaml.js'
import { TkplayError } from '../../core/failure.js'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.js'
import { jsonText } from '../../python/json-text.js'
import { toJson } from '../../python/to-json.js'
import { mergeSettings } from './merge.js'

/** An object of the Kubernetes API, as a manifest has it. */
export type KubeObject = JsonObject

export interface ObjectName {
  readonly kind: string
  readonly namespace: string
  readonly name: string
}

export const nameOf = (object: KubeObject): ObjectName => {
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {}
  return {
    kind: textOf(object['kind']),
    namespace: textOf(metadata['namespace']),
    name: textOf(metadata['name']),
  }
}

/** For people: `DaemonSet kube-system/calico-node`. */
export const describe = ({ kind, namespace, name }: ObjectName): string =>
  `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`

/** The objects of a manifest: `---` between them, Lists opened. @throws ConfigError for YAML that cannot be read */
export const parseManifest = (text: string, file: string): readonly KubeObject[] =>
  parseYamlDocuments(text, file)
    .map(value => toJson(value))
    .flatMap(opened)

/** The objects of what YAML gave: one, or a list of them. */
export const opened = (json: Json): readonly KubeObject[] => {
  if (Array.isArray(json)) return json.flatMap(opened)
  if (!isJsonObject(json)) return []
  return json['kind'] === 'List' && Array.isArray(json['items']) ? json['items'].flatMap(opened) : [json]
}

/** Text for `kubectl -f`: JSON is YAML. */
export const manifestText = (objects: readonly KubeObject[]): string =>
  `${jsonText({ apiVersion: 'v1', kind: 'List', items: objects })}\n`

/** A change to one object of a manifest before it is applied. */
export interface Patch {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  /** Laid over the object; lists whose items have a name (containers, env, volumes) are merged by it. */
  readonly merge: JsonObject
}

/** @throws TkplayError `patch-lost` naming the object of a patch that fits none */
export const patched = (objects: readonly KubeObject[], patches: readonly Patch[]): readonly KubeObject[] => {
  const lost = patches.find(patch => !objects.some(object => fits(object, patch)))
  if (lost !== undefined) {
    throw new TkplayError({ kind: 'refused', code: 'patch-lost', data: { object: `${lost.kind} ${lost.name}` } })
  }
  return objects.map(object =>
    patches.filter(patch => fits(object, patch)).reduce((one, patch) => deepMerge(one, patch.merge), object),
  )
}

const fits = (object: KubeObject, patch: Patch): boolean => {
  const { kind, name, namespace } = nameOf(object)
  return kind === patch.kind && name === patch.name && (patch.namespace === undefined || namespace === patch.namespace)
}

/** As mergeSettings, and items of the same name are merged too: an env entry is added to a container that is there. */
const deepMerge = (base: JsonObject, extra: JsonObject): JsonObject => {
  const merged: { [key: string]: Json } = { ...base }
  for (const [key, value] of Object.entries(extra)) {
    const has = merged[key]
    if (isJsonObject(has) && isJsonObject(value)) merged[key] = deepMerge(has, value)
    else if (Array.isArray(has) && Array.isArray(value)) merged[key] = mergeItems(has, value)
    else merged[key] = isJsonObject(value) ? mergeSettings({}, value) : value
  }
  return merged
}

const mergeItems = (base: readonly Json[], extra: readonly Json[]): Json => {
  const named = (item: Json): string | undefined => (isJsonObject(item) ? textOf(item['name']) : undefined)
  if (![...base, ...extra].every(item => named(item))) return extra
  const added = extra.filter(item => !base.some(one => named(one) === named(item)))
  const kept = base.map(one => {
    const over = extra.find(item => named(item) === named(one))
    return isJsonObject(one) && isJsonObject(over) ? deepMerge(one, over) : one
  })
  return [...kept, ...added]
}

/** What others need first: namespaces and the definitions of kinds. */
export const comesFirst = (object: KubeObject): boolean =>
  ['Namespace', 'CustomResourceDefinition'].includes(textOf(object['kind']))

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
