import { constant } from '../../../../engine/core/expr.js'
import type { Json } from '../../../../engine/core/json.js'
import { rank } from '../../../../engine/core/vars.js'
import type { RunInput, Templates } from '../../../../engine/run/input.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { step } from './steps.js'

/** Templates that are what they say. */
export const templates: Templates = {
  variable: binding => constant(binding.value as Json),
  tree: value => constant(value as Json),
  expression: text => constant(text),
  condition: text => constant(text === 'true' || text === true),
  file: text => constant(text),
  omit: Symbol.for('omit') as never,
  moment: ms => ms ?? 0,
}

/** Files that an include may ask for; tests that have others lay theirs over it. */
export const loader: RunInput['loader'] = {
  includeTasks: async (_, file) => [step(`included ${file}`, 'setting', { key: file, value: '1' })],
  includeRole: async () => [],
  handlersOf: () => [],
  exposedBy: () => [],
  rolesOf: () => [],
  varsFile: async () => dataLayer(rank.varsFiles, 'none', []),
  includeVars: async () => dataLayer(rank.includeVars, 'none', []),
}
