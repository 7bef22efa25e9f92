import { createRequire } from 'node:module'
import type { Ajv, Options, ValidateFunction } from 'ajv'

/**
 * Generated validators of the schemas that come with tkplay, by the digest of the schema; each is loaded on first use.
 * This list is empty: `scripts/bundle.ts` replaces this file by one with the validators. Without a bundle (in tests)
 * ajv compiles every schema.
 */
export const generated: { readonly [digest: string]: () => ValidateFunction } = {}

type AjvClass = new (options: Options) => Ajv

/** Loads ajv, which takes longer than a short run. */
export const ajvClass = (): AjvClass => {
  const require = createRequire(import.meta.url)
  return (require('ajv/dist/2020.js') as { readonly Ajv2020: AjvClass }).Ajv2020
}
