import { pathToFileURL } from 'node:url'

/** The default export of a role that comes with tkplay. `scripts/bundle.ts` puts another in this one's place: there all are in one file. */
export const ownRole = async (file: string): Promise<unknown> =>
  ((await import(pathToFileURL(file).href)) as { readonly default?: unknown }).default
