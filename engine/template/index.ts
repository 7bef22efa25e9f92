/** Templates and expressions: Jinja2's language with Python's values and Ansible's names. */

export { omit } from '../python/kinds.js'
export {
  compileCondition,
  compileExpression,
  compileFile,
  compileTemplate,
  isTemplate,
  type TemplateExpr,
} from './compile/text.js'
export { compileTree, compileVariable } from './compile/tree.js'
export { withoutUndefined } from './compile/without-undefined.js'
export type { ControllerLookup, TemplateEnv } from './contract.js'
export { templateEnv } from './env.js'
export { shortName } from './names.js'
export { localTime } from './values/datetime.js'
