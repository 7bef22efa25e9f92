import type { StepResult } from '../step/result.js'

/** How a host fared at a step, or at a role. */
export type Outcome =
  /** The step was not for this host, or is not wanted: the next one comes. */
  | { readonly kind: 'passed' }
  /** The host stands elsewhere already: in tasks that were included, in a rescue, past its play. */
  | { readonly kind: 'moved' }
  /** This host did it. */
  | { readonly kind: 'done'; readonly ended: StepResult }
  /** Another host did it for all of the batch. */
  | { readonly kind: 'shared'; readonly ended: StepResult }

export const passed: Outcome = { kind: 'passed' }
export const moved: Outcome = { kind: 'moved' }
