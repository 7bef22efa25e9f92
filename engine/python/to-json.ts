import { ExactNumber, type Json } from '../core/json.js'
import { Bytes, Float, isDict, type Key, Secret, Unknown, Unsafe, type Value } from '../core/value.js'
import { floatText } from './number-text.js'

export interface ToJsonOptions {
  /** Whether secrets become `***`. `reveal` only where the JSON is sent to a host, never where it is shown. */
  readonly secrets: 'hide' | 'reveal'
}

/**
 * A value as plain JSON: dicts become objects (keys as Python's str() writes them), bytes base64. Numbers keep their
 * text.
 * @throws TypeError for an unknown or a callable; check with `findUnknown` first
 */
export const toJson = (value: Value, options: ToJsonOptions = { secrets: 'hide' }): Json => {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (typeof value === 'bigint') return new ExactNumber(String(value))
  if (value instanceof Float) return new ExactNumber(floatText(value.value))
  if (value instanceof Unsafe) return value.text
  if (value instanceof Bytes) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof Secret) return options.secrets === 'hide' ? '***' : toJson(value.reveal(), options)
  if (Array.isArray(value)) return value.map(one => toJson(one, options))
  if (isDict(value)) {
    const entries = [...value].map(([key, one]) => [keyText(key), toJson(one, options)] as const)
    return Object.fromEntries(entries)
  }
  throw new TypeError(value instanceof Unknown ? `unknown: ${value.waitsFor}` : 'a function has no JSON')
}

/** A dict's key as Python's str() writes it. */
export const keyText = (key: Key): string =>
  key === null ? 'None' : typeof key === 'boolean' ? (key ? 'True' : 'False') : String(key)
