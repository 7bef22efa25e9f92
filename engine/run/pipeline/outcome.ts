import type { StepResult } from '../step/result.js'

/** The outcome of a step or role on a host. */
export type Outcome =
  /** The step was skipped: go on with the next one. */
  | { readonly kind: 'passed' }
  /** The host has already been moved: into included tasks, to a rescue, or past its play. */
  | { readonly kind: 'moved' }
  /** This host ran the step. */
  | { readonly kind: 'done'; readonly ended: StepResult }
  /** Another host ran the step for the batch. */
  | { readonly kind: 'shared'; readonly ended: StepResult }

export const passed: Outcome = { kind: 'passed' }
export const moved: Outcome = { kind: 'moved' }
