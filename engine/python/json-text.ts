import { type ExactNumber, exactTexts, type Json } from '../core/json.js'
import { readJson } from './json-reader.js'
import { toJson } from './to-json.js'

interface JsonTextOptions {
  /** Blanks a level; without it all is on one line. */
  readonly indent?: number
  /** As of `JSON.stringify`. It does not see the numbers that keep their text. */
  readonly replacer?: (this: unknown, key: string, value: unknown) => unknown
}

/** Not to be guessed: a string of a host that holds it would lose its quotes. */
const mark = crypto.randomUUID()
const marked = new RegExp(`"${mark}([^"]*)"`, 'g')

/** JSON text in which numbers stand as they were written. */
export const jsonText = (json: unknown, { indent, replacer }: JsonTextOptions = {}): string => {
  const { mark: before } = exactTexts
  let any = false
  exactTexts.mark = ({ text }: ExactNumber) => {
    any = true
    return mark + text
  }
  try {
    const text = JSON.stringify(json, replacer, indent)
    return any ? text.replace(marked, '$1') : text
  } finally {
    exactTexts.mark = before
  }
}

/** What may stand for a number that JSON.parse would not keep; a string that looks so only costs time. */
const perhapsExact = /\d{16}|\.0|\d[eE]/

/** JSON from elsewhere, its numbers as they were written. @throws SyntaxError */
export const parseJsonText = (text: string): Json =>
  perhapsExact.test(text) ? toJson(readJson(text)) : (JSON.parse(text) as Json)
