import { constant, type Expr } from './expr.js'
import type { Json, JsonSchema } from './json.js'
import type { Messages } from './messages.js'
import type { Facts } from './module.js'
import type { RoleBlock, RoleNode, RoleStep, StepOptions } from './role-nodes.js'
import { checkParams, checkStep, isExpr } from './role-shape.js'

export type { RoleBlock, RoleNode, RoleStep, StepOptions } from './role-nodes.js'

/** A host as a role sees it: inventory and facts. The state of the host is read by modules only. */
export interface HostView {
  readonly name: string
  /** `ansible_host`, or the name. */
  readonly address: string
  readonly groups: readonly string[]
  /** Facts gathered in this run; undefined for a host outside `--limit`, and for one that is unreachable. */
  readonly facts: Facts | undefined
  /** The value of a variable for that host, from the inventory and the play. @throws ExpressionError */
  variable(name: string): Json | undefined
  /** Whether this play runs on the host. */
  readonly inPlay: boolean
}

export interface View {
  readonly host: HostView
  readonly facts: Facts
  /** All hosts of the inventory, in inventory order. */
  readonly hosts: readonly HostView[]
  group(name: string): readonly HostView[]
}

/** What `preflight` found wrong. */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly host?: string
  readonly what: string
  readonly remedy: string
}

/** Computes an idempotent list of steps for a host, from parameters, inventory and facts only. */
export interface Role<P> {
  readonly name: string
  readonly doc: string
  /** Parameters are host variables of these names. The schema's defaults are the variables of lowest precedence. */
  readonly params: JsonSchema
  steps(params: P, view: View): readonly RoleNode[]
  handlers?(params: P, view: View): readonly RoleStep[]
  /** Checked for all hosts of the play after facts are gathered, before the first change. */
  preflight?(params: P, view: View): readonly Finding[]
  readonly messages?: Messages
}

export const defineRole = <P>(role: Role<P>): Role<P> => role

/** One task of a role. Parameters are plain JSON, or an `Expr` where they depend on a registered result. @throws Error */
export const step = (name: string, module: string, params: Json | Expr, options: StepOptions = {}): RoleStep => {
  checkParams(name, params)
  const made: RoleStep = {
    kind: 'role-step',
    name,
    module,
    params: isExpr(params) ? params : constant(params),
    options,
  }
  // Checked here and not later, so that the stack of the error has the line of the role.
  checkStep(made)
  return made
}

export const block = (
  name: string,
  parts: {
    readonly body: readonly RoleNode[]
    readonly rescue?: readonly RoleNode[]
    readonly always?: readonly RoleNode[]
  },
): RoleBlock => ({ kind: 'role-block', name, rescue: [], always: [], ...parts })
