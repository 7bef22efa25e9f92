import type { RoleNames, Step } from '../core/step.js'
import type { Layer } from '../core/vars.js'

/** What compiling one play, or one include at its turn, brings beside its steps. */
export class Compilation {
  readonly handlers: Step[] = []
  readonly layers: Layer[] = []
  readonly roles: RoleNames[] = []

  /** Variables of roles, which the whole play sees. */
  expose(defaults: readonly Layer[], vars: readonly Layer[]): void {
    this.layers.push(...[...defaults, ...vars].filter(layer => layer.bindings.size > 0))
  }
}
