import type { Event, Reporter } from '../core/event.js'
import { ExactNumber } from '../core/json.js'

const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * Text without control characters. Text from hosts and files may contain sequences that move the cursor, rename the
 * window or hide earlier output, and marks that change the direction of writing. All of them are written as escapes
 * (`\x1b`). Newlines and tabs stay.
 */
export const printable = (text: string): string => (text.search(control) === -1 ? text : written(text))

const written = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(control, char => {
    const code = char.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })

/** Wraps a reporter for people: all texts in its events are printable, and the name of a step is one line. */
export const printableReporter = (reporter: Reporter): Reporter => ({
  ...reporter,
  event: event => reporter.event(printableEvent(event)),
})

const printableEvent = (event: Event): Event => {
  const shown = deep(event) as Event
  return 'step' in shown && shown.step.name.includes('\n')
    ? ({ ...shown, step: { ...shown.step, name: shown.step.name.replace(/\s*\n\s*/g, ' ') } } as Event)
    : shown
}

/** A printable copy of a value. */
const deep = (value: unknown): unknown => {
  if (typeof value === 'string') return printable(value)
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return value
  if (value instanceof Uint8Array) return bytes(value)
  if (Array.isArray(value)) return value.map(deep)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [printable(key), deep(one)]))
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The output of a command. Bytes are checked first, since decoding a large output takes long. */
const bytes = (value: Uint8Array): Uint8Array => {
  const plain = value.every(byte => byte === 9 || byte === 10 || (byte >= 32 && byte < 127))
  return plain ? value : encoder.encode(printable(decoder.decode(value)))
}
