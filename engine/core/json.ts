/** Plain JSON. Changes, events, facts and results consist of it. */
export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | { readonly [key: string]: Json }

/** A JSON Schema (draft 2020-12, the part ajv's strict mode accepts). */
export type JsonSchema = { readonly [key: string]: Json }

export type JsonObject = { readonly [key: string]: Json }

/**
 * A number that a JavaScript number would change when it is written again: an integer beyond 2^53, or a float without a
 * fraction (`2.0`). `parseJsonText` makes it, `jsonText` writes its exact text; `JSON.stringify` writes the nearest number.
 */
export class ExactNumber {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text
  }
  toJSON(): number | string {
    return exactTexts.mark(this)
  }
}

/** What an ExactNumber hands to `JSON.stringify`. Only `jsonText` replaces this function, and only while it writes. */
export const exactTexts: { mark: (number: ExactNumber) => number | string } = { mark: ({ text }) => Number(text) }

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
