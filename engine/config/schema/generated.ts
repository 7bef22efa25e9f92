import { createRequire } from 'node:module'
import type { Ajv, Options, ValidateFunction } from 'ajv'

/**
 * Validators that were generated from the schemas that come with tkplay, by the schema's digest; each is loaded when it is asked for.
 * `scripts/bundle.ts` puts another file in this one's place, with the validators. Where there is no bundle (tests), ajv compiles every schema.
 */
export const generated: { readonly [digest: string]: () => ValidateFunction } = {}

type AjvClass = new (options: Options) => Ajv

/** Loading ajv takes longer than a short run does. */
export const ajvClass = (): AjvClass => {
  const require = createRequire(import.meta.url)
  return (require('ajv/dist/2020.js') as { readonly Ajv2020: AjvClass }).Ajv2020
}
