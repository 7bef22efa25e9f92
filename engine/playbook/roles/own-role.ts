import { pathToFileURL } from 'node:url'

/** The default export of a role that comes with tkplay. `scripts/bundle.ts` replaces this file by one that has all roles in it. */
export const ownRole = async (file: string): Promise<unknown> =>
  ((await import(pathToFileURL(file).href)) as { readonly default?: unknown }).default
