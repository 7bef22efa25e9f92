/** The package `tkplay`, for users' own roles and modules. */
export { computed, constant, type Expr } from './core/expr.js'
export { ApplyFailed, NotObserved } from './core/failure.js'
export type { Json, JsonObject, JsonSchema } from './core/json.js'
export type { Message, Messages } from './core/messages.js'
export {
  type All,
  all,
  type Change,
  type Controller,
  type Diff,
  defineModule,
  type Facts,
  type Module,
  nothing,
  type Plan,
  type Probe,
  type Raw,
  type Read,
  type RunAs,
  type Session,
  type SharedValue,
} from './core/module.js'
export { fileText, holds, output, raw, read, text } from './core/read.js'
export {
  block,
  defineRole,
  type Finding,
  type HostView,
  type Role,
  type RoleNode,
  type RoleStep,
  step,
  type View,
} from './core/role.js'
export { Unknown } from './core/value.js'
export { outputJson } from './shell/output-json.js'
export { quote, sh } from './shell/quote.js'
