import type { StepContext } from '../context.js'

/** What comes of the step further in. */
export type Next<R> = (context: StepContext) => Promise<R>

/** Something that stands around a step: it decides whether, when and how often what is further in happens, and with what in sight. */
export type Around<R> = (context: StepContext, next: Next<R>) => Promise<R>

/** The list as one function, with the first as the outermost. */
export const around = <R>(list: readonly Around<R>[], innermost: Next<R>): Next<R> =>
  list.reduceRight<Next<R>>((next, one) => context => one(context, next), innermost)
