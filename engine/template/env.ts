import type { Lookup, TemplateEnv, TemplateEnvOptions } from './contract.js'
import { filters } from './filters/index.js'
import { globals } from './globals.js'
import { lookups } from './lookups/index.js'
import { tests } from './tests/index.js'

/** An environment with all that is built in, and with what the caller adds or replaces. */
export const templateEnv = (options: TemplateEnvOptions = {}): TemplateEnv => ({
  filters: new Map([...Object.entries(filters), ...Object.entries(options.filters ?? {})]),
  tests: new Map([...Object.entries(tests), ...Object.entries(options.tests ?? {})]),
  lookups: new Map([...Object.entries(lookups), ...controllerLookups(options)]),
  globals: new Map([...Object.entries(globals), ...Object.entries(options.globals ?? {})]),
  options,
  limits: { steps: options.budget?.steps ?? 5_000_000, bytes: options.budget?.bytes ?? 64 << 20 },
  cache: new Map(),
  now: options.now ?? Date.now,
})

const controllerLookups = (options: TemplateEnvOptions): (readonly [string, Lookup])[] =>
  Object.entries(options.lookups ?? {}).map(([name, look]) => [
    name,
    { run: (terms, named, { source, scope }) => look(terms, named, { source, scope }) },
  ])
