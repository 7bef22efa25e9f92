import { type ExactNumber, exactTexts, type Json } from '../core/json.js'
import { readJson } from './json-reader.js'
import { toJson } from './to-json.js'

interface JsonTextOptions {
  /** Blanks for each level; without it all is on one line. */
  readonly indent?: number
  /** As for `JSON.stringify`. ExactNumbers are already converted when it sees them. */
  readonly replacer?: (this: unknown, key: string, value: unknown) => unknown
}

/** Random, since a host's string that contains the mark would lose its quotes. */
const mark = crypto.randomUUID()
const marked = new RegExp(`"${mark}([^"]*)"`, 'g')

/** JSON text in which each ExactNumber keeps its text. */
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

/** Whether the text may contain a number that JSON.parse would change. A string that looks like one only costs time. */
const perhapsExact = /\d{16}|\.0|\d[eE]/

/** Parses JSON; numbers that JSON.parse would change become ExactNumbers. @throws SyntaxError */
export const parseJsonText = (text: string): Json =>
  perhapsExact.test(text) ? toJson(readJson(text)) : (JSON.parse(text) as Json)
