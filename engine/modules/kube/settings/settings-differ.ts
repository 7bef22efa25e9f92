import { parseYamlDocuments } from '../../../config/yaml/yaml.js'
import { ExactNumber, isJsonObject, type Json, type JsonObject } from '../../../core/json.js'
import { jsonText } from '../../../python/json-text.js'
import { toJson } from '../../../python/to-json.js'
import type { InitApi } from '../init-state.js'
import type { InitSettings } from '../kubeadm-config.js'

/**
 * What the user gives beside the parameters is heeded by kubeadm init alone. A cluster that has other settings would go on with them in
 * silence. What is not given is not compared: the cluster may have it by a default, or by hand.
 */
export const settingsThatDiffer = (p: InitSettings, api: InitApi & { readonly answers: true }): Difference[] => [
  ...named(p, api.clusterConfiguration),
  ...compared('kubeadm_cluster', p.cluster, api.clusterConfiguration),
  ...compared('kubeadm_kubelet', p.kubelet, api.kubelet),
  ...compared('kubeadm_proxy', p.proxy, api.proxy),
]

/** A setting given by a variable that the cluster has otherwise. */
export interface Difference {
  /** `kubeadm_kubelet.maxPods`: the variable, and the way in it. */
  readonly variable: string
  /** The way in the document: a list is one value, even if its items have names. */
  readonly path: readonly string[]
  readonly has: string
  readonly want: string
}

const named = (p: InitSettings, text: string | undefined): Difference[] => {
  const has = text === undefined ? undefined : parsed(text)
  if (has === undefined) return []
  return [
    ...(has['clusterName'] === undefined
      ? []
      : differences({ variable: 'cluster_name', path: ['clusterName'] }, p.cluster_name, has['clusterName'])),
    ...(p.image_repository === undefined || 'imageRepository' in p.cluster
      ? []
      : differences(
          { variable: 'kubeadm_image_repository', path: ['imageRepository'] },
          p.image_repository,
          has['imageRepository'],
        )),
  ]
}

const compared = (variable: string, given: JsonObject, text: string | undefined): Difference[] => {
  const has = text === undefined ? undefined : parsed(text)
  return has === undefined ? [] : differing(variable, given, has)
}

/** What is given and stands otherwise in a document. */
export const differing = (variable: string, given: JsonObject, has: JsonObject): Difference[] => [
  ...differences({ variable, path: [] }, given, has),
]

/** A document of settings; undefined where the text is none. */
export const parsed = (text: string): JsonObject | undefined => {
  try {
    const [document] = parseYamlDocuments(text, 'the cluster')
    const json = document === undefined ? null : toJson(document)
    return isJsonObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

type At = Pick<Difference, 'variable' | 'path'>

function* differences({ variable, path }: At, given: Json, has: Json | undefined): Iterable<Difference> {
  if (given === null) return // Taken out: kubeadm's own default holds, and is written down as any other.
  if (isJsonObject(given)) {
    for (const [key, value] of Object.entries(given)) {
      const at = { variable: `${variable}.${key}`, path: [...path, key] }
      yield* differences(at, value, isJsonObject(has) ? has[key] : undefined)
    }
    return
  }
  if (isNamed(given)) {
    for (const item of given) {
      const same = isNamed(has) ? has.find(one => one['name'] === item['name']) : undefined
      yield* withPath(path, differences({ variable: `${variable}.${String(item['name'])}`, path }, item, same))
    }
    return
  }
  if (!same(given, has))
    yield { variable, path, has: has === undefined ? 'not set' : jsonText(has), want: jsonText(given) }
}

function* withPath(path: readonly string[], found: Iterable<Difference>): Iterable<Difference> {
  for (const one of found) yield { ...one, path }
}

const isNamed = (value: Json | undefined): value is readonly JsonObject[] =>
  Array.isArray(value) && value.length > 0 && value.every(item => isJsonObject(item) && 'name' in item)

/** The API writes durations and quantities in its own way: `5m` comes back as `5m0s`. */
const same = (given: Json, has: Json | undefined): boolean => {
  if (Array.isArray(given) && Array.isArray(has))
    return given.length === has.length && given.every((one, index) => same(one, has[index]))
  if (isJsonObject(given) && isJsonObject(has))
    return Object.entries(given).every(([key, value]) => same(value, has[key]))
  if (has === undefined) return given === '' || given === 0 || given === false || isEmpty(given)
  return plain(given) === plain(has)
}

const isEmpty = (value: Json): boolean => Array.isArray(value) && value.length === 0

const plain = (value: Json): string => {
  // The API writes 2.0 as 2.
  const rounded = value instanceof ExactNumber && Number.isSafeInteger(Number(value)) ? Number(value) : value
  const text = typeof rounded === 'string' ? rounded : jsonText(rounded)
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return text
  const units: { readonly [unit: string]: number } = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
  return `${parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0), 0)} ms`
}
