import type { Expr } from './expr.js'

/** A task of a TypeScript role. */
export interface RoleStep {
  readonly kind: 'role-step'
  readonly name: string
  readonly module: string
  readonly params: Expr
  readonly options: StepOptions
}

export interface StepOptions {
  readonly when?: Expr
  readonly register?: string
  readonly notify?: readonly string[]
  readonly delegateTo?: string
  readonly runOnce?: boolean
  readonly become?: boolean
  readonly becomeUser?: string
  readonly throttle?: number
  /** Seconds. */
  readonly timeout?: number
  readonly noLog?: boolean
  readonly ignoreErrors?: boolean
  readonly changedWhen?: boolean
  readonly until?: { readonly condition: Expr; readonly retries: number; readonly delay: number }
  readonly environment?: { readonly [name: string]: string }
  readonly tags?: readonly string[]
  readonly listen?: readonly string[]
}

/** Like YAML's `block`: `rescue` runs when a step of `body` fails, `always` in any case. */
export interface RoleBlock {
  readonly kind: 'role-block'
  readonly name: string
  readonly body: readonly RoleNode[]
  readonly rescue: readonly RoleNode[]
  readonly always: readonly RoleNode[]
}

export type RoleNode = RoleStep | RoleBlock
