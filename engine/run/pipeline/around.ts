import type { StepContext } from '../context.js'

/** The inner function, with the result of the step. */
export type Next<R> = (context: StepContext) => Promise<R>

/** A wrapper around a step. It decides whether, when and how often `next` runs, and with which variables. */
export type Around<R> = (context: StepContext, next: Next<R>) => Promise<R>

/** Composes wrappers to one function; the first is the outermost. */
export const around = <R>(list: readonly Around<R>[], innermost: Next<R>): Next<R> =>
  list.reduceRight<Next<R>>((next, one) => context => one(context, next), innermost)
