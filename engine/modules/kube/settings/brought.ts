import { isJsonObject, type Json, type JsonObject } from '../../../core/json.js'
import { parseJsonText } from '../../../python/json-text.js'

/** On the ConfigMap kubelet-config: which settings came after init, as a list of ways in the document. */
export const broughtAnnotation = 'tkplay/kubelet-settings'
/** On the template of kube-proxy's pods: the sha256 of the settings that they were replaced for. */
export const rolledAnnotation = 'tkplay/config-sha256'

type Path = readonly string[]

/** What is no such list was not written by tkplay. */
export const broughtPaths = (annotation: string | undefined): readonly Path[] => {
  if (annotation === undefined) return []
  try {
    const list = parseJsonText(annotation)
    return Array.isArray(list) ? list.filter(isPath) : []
  } catch {
    return []
  }
}

const isPath = (value: Json): value is Path =>
  Array.isArray(value) && value.length > 0 && value.every(key => typeof key === 'string')

/** The parts of a document that these ways lead to; what is not there is left out. */
export const picked = (document: JsonObject, paths: readonly Path[]): JsonObject =>
  paths.reduce<JsonObject>((sum, path) => {
    const value = valueAt(document, path)
    return value === undefined ? sum : laid(sum, path, value)
  }, {})

export const valueAt = (document: Json | undefined, [key, ...rest]: Path): Json | undefined => {
  if (key === undefined) return document
  return isJsonObject(document) && Object.hasOwn(document, key) ? valueAt(document[key], rest) : undefined
}

const laid = (document: JsonObject, [key = '', ...rest]: Path, value: Json): JsonObject => {
  const inner = document[key]
  return { ...document, [key]: rest.length === 0 ? value : laid(isJsonObject(inner) ? inner : {}, rest, value) }
}
