import type { Event } from '../../core/event.js'
import type { ReportedFailure } from '../../core/failure.js'
import { ExactNumber, isJsonObject, type Json } from '../../core/json.js'
import type { Change } from '../../core/module.js'
import { fromJson, isDict, Secret, type Value } from '../../core/value.js'
import type { Layer } from '../../core/vars.js'
import { toJson } from '../../python/to-json.js'

/**
 * The secret texts inside a value, the longest first, so that a secret inside another leaves no rest.
 * @param written further values that are secret
 */
export const secretsIn = (value: Value, written: readonly Json[] = []): readonly string[] => {
  const found = new Set<string>()
  collect(value, false, found)
  for (const one of written) collect(fromJson(one), true, found)
  return [...found].sort((a, b) => b.length - a.length)
}

const collect = (value: Value, inside: boolean, found: Set<string>): void => {
  if (value instanceof Secret) return collect(value.reveal(), true, found)
  if (Array.isArray(value)) for (const one of value) collect(one, inside, found)
  else if (isDict(value)) for (const one of value.values()) collect(one, inside, found)
  else if (inside && value !== null && typeof value !== 'boolean') {
    const text = String(toJson(value, { secrets: 'reveal' }))
    for (const line of [text, ...text.split('\n')]) if (line.trim().length >= 3) found.add(line)
  }
}

/** The passwords in `scheme://user:password@host`, as written and decoded. */
export const urlPasswords = (json: Json): readonly string[] => {
  if (typeof json === 'string')
    return json.includes('://') ? [...json.matchAll(userInfo)].flatMap(([, one = '']) => [one, decoded(one)]) : []
  if (Array.isArray(json)) return json.flatMap(urlPasswords)
  return isJsonObject(json) ? Object.values(json).flatMap(urlPasswords) : []
}

const userInfo = /:\/\/[^/\s:@]*:([^/\s@]+)@/g

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The text with `***` for each secret. */
export const mask = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)

export const maskJson = (json: Json, secrets: readonly string[]): Json => {
  if (secrets.length === 0) return json
  if (typeof json === 'string') return mask(json, secrets)
  if (Array.isArray(json)) return json.map(one => maskJson(one, secrets))
  if (isJsonObject(json)) {
    return Object.fromEntries(Object.entries(json).map(([key, one]) => [key, maskJson(one, secrets)]))
  }
  return json
}

/** Changes without secrets. */
export const maskChanges = (changes: readonly Change[], secrets: readonly string[]): readonly Change[] =>
  secrets.length === 0
    ? changes
    : (changes.map(change => maskJson(change as unknown as Json, secrets)) as unknown as readonly Change[])

/** A failure without secrets: its texts, the command, and the output. */
export const maskFailure = (reported: ReportedFailure, secrets: readonly string[]): ReportedFailure =>
  secrets.length === 0 ? reported : (maskDeep(reported, secrets) as ReportedFailure)

const maskDeep = (value: unknown, secrets: readonly string[]): unknown => {
  if (typeof value === 'string') return mask(value, secrets)
  if (value instanceof Uint8Array) return new TextEncoder().encode(mask(new TextDecoder().decode(value), secrets))
  if (Array.isArray(value)) return value.map(one => maskDeep(one, secrets))
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskDeep(one, secrets)]))
}

/**
 * The secrets that a run starts with: typed passwords, vault values. A text made from one is secret as a whole, but a
 * command may print the secret alone.
 */
export const secretsOf = (layers: Iterable<Layer>): readonly string[] => {
  const found = new Set<string>()
  for (const { bindings } of new Set(layers)) for (const { value } of bindings.values()) collect(value, false, found)
  return [...found].sort((a, b) => b.length - a.length)
}

/** An event without secrets; the host's name stays. */
export const maskEvent = (event: Event, secrets: readonly string[]): Event => {
  if (
    secrets.length === 0 ||
    event.kind === 'run-started' ||
    event.kind === 'play-started' ||
    event.kind === 'run-ended'
  )
    return event
  const about = 'host' in event && event.host !== undefined ? { host: event.host } : {}
  return { ...(maskDeep(event, secrets) as Event), kind: event.kind, ...about } as Event
}
