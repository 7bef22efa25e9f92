import { isJsonObject, type Json, type JsonObject } from '../../core/json.js'

/**
 * Settings laid over others. Objects are merged key by key; lists whose items all have a name (kubeadm v1beta4's extraArgs,
 * extraEnvs, extraVolumes) are merged by that name; everything else is replaced. null takes a key out: kubeadm's own default holds.
 */
export const mergeSettings = (base: JsonObject, extra: JsonObject): JsonObject => {
  const merged: { [key: string]: Json } = { ...base }
  for (const [key, value] of Object.entries(extra)) {
    if (value === null) delete merged[key]
    else merged[key] = mergeValue(merged[key], value)
  }
  return merged
}

const mergeValue = (base: Json | undefined, extra: Json): Json => {
  if (isJsonObject(extra)) return mergeSettings(isJsonObject(base) ? base : {}, extra)
  if (isNamedList(base) && isNamedList(extra)) return mergeNamed(base, extra)
  return extra
}

interface Named extends JsonObject {
  readonly name: string
}

const isNamedList = (value: Json | undefined): value is readonly Named[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(item => isJsonObject(item) && typeof item['name'] === 'string')

const mergeNamed = (base: readonly Named[], extra: readonly Named[]): Json => {
  const given = new Set(extra.map(item => item.name))
  return [...base.filter(item => !given.has(item.name)), ...extra]
}
