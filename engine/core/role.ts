import { constant, type Expr } from './expr.js'
import type { Json, JsonSchema } from './json.js'
import type { Messages } from './messages.js'
import type { Facts } from './module.js'
import type { RoleBlock, RoleNode, RoleStep, StepOptions } from './role-nodes.js'
import { checkParams, checkStep, isExpr } from './role-shape.js'

export type { RoleBlock, RoleNode, RoleStep, StepOptions } from './role-nodes.js'

/** A host as a role sees it: inventory and facts, never the host's present state. */
export interface HostView {
  readonly name: string
  /** `ansible_host`, or the name. */
  readonly address: string
  readonly groups: readonly string[]
  /** Gathered in this run; there are none of a host outside `--limit`, or out of reach. */
  readonly facts: Facts | undefined
  /** A variable as the inventory and the play give it for that host. @throws ExpressionError */
  variable(name: string): Json | undefined
  /** Whether this play runs on it. */
  readonly inPlay: boolean
}

export interface View {
  readonly host: HostView
  readonly facts: Facts
  /** All hosts of the inventory, in its order. */
  readonly hosts: readonly HostView[]
  group(name: string): readonly HostView[]
}

/** What a role found wrong before anything ran. */
export interface Finding {
  readonly level: 'error' | 'warning'
  readonly host?: string
  readonly what: string
  readonly remedy: string
}

/** An idempotent list of steps for hosts of one kind. Depends on parameters, inventory and facts only. */
export interface Role<P> {
  readonly name: string
  readonly doc: string
  /** Its parameters are the host's variables of these names; the defaults here are the lowest layer. */
  readonly params: JsonSchema
  steps(params: P, view: View): readonly RoleNode[]
  handlers?(params: P, view: View): readonly RoleStep[]
  /** Judged for all hosts of the play once facts are there, before the first change. */
  preflight?(params: P, view: View): readonly Finding[]
  readonly messages?: Messages
}

export const defineRole = <P>(role: Role<P>): Role<P> => role

/** One task of a role. Parameters are plain JSON, or an `Expr` where they depend on a register. */
export const step = (name: string, module: string, params: Json | Expr, options: StepOptions = {}): RoleStep => {
  checkParams(name, params)
  const made: RoleStep = {
    kind: 'role-step',
    name,
    module,
    params: isExpr(params) ? params : constant(params),
    options,
  }
  // Here the error has the line of the role.
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
