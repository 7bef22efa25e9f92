/** Plain JSON: what changes, events, facts and results are made of. */
export type Json = null | boolean | number | string | ExactNumber | readonly Json[] | { readonly [key: string]: Json }

/** A JSON Schema (draft 2020-12, the part ajv's strict mode accepts). */
export type JsonSchema = { readonly [key: string]: Json }

export type JsonObject = { readonly [key: string]: Json }

/**
 * A number whose text a JavaScript number would not keep: an integer past 2^53, or a float without a fraction (`2.0`).
 * Read with `parseJsonText`, written with `jsonText`. `JSON.stringify` writes the nearest number.
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

/** How an ExactNumber gives itself to `JSON.stringify`. Only `jsonText` changes it, and only while it writes. */
export const exactTexts: { mark: (number: ExactNumber) => number | string } = { mark: ({ text }) => Number(text) }

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
