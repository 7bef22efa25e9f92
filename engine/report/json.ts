import type { Event, Reporter } from '../core/event.js'
import { jsonText } from '../python/json-text.js'
import { linesFor } from './words.js'

/**
 * One event a line, as JSON. Bytes are written as text, failures also as `lines` of words. `at` is the time of the
 * event, in ISO 8601 and UTC.
 *
 * @param now ms since 1970
 */
export const jsonReporter = (write: (text: string) => void, now: () => number = Date.now): Reporter => ({
  event: event => write(`${jsonText({ ...event, at: new Date(now()).toISOString() }, { replacer: plainJson })}\n`),
  close: async () => undefined,
})

/**
 * A replacer for `JSON.stringify`. A Buffer has already been converted by its `toJSON` when it arrives as `value`, so
 * bytes are looked up in the holder (`this`).
 */
function plainJson(this: unknown, key: string, value: unknown): unknown {
  const whole = (this as { readonly [key: string]: unknown })[key]
  if (whole instanceof Uint8Array) return new TextDecoder().decode(whole)
  if (isReported(value)) return { ...value, lines: linesFor(value) }
  return value
}

type Failed = Extract<Event, { kind: 'host-failed' }>['failure']

const isReported = (value: unknown): value is Failed =>
  typeof value === 'object' && value !== null && 'failure' in value && isFailure(value.failure) && !('lines' in value)

const isFailure = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && !('failure' in value) && value.kind !== 'step-ended'
