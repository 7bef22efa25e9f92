import type { Log } from '../lab/support/log.js'
import type { Ran } from './measure.js'
import type { Undo } from './undo.js'

/** One of the programs that do an item's work. */
export interface Program {
  readonly name: string
  readonly version?: string
  readonly argv: readonly string[]
  readonly env: Environment
  readonly cwd: string
  /** What is wrong with a run that ended with 0. What is refused is shown, and not counted. */
  readonly judge: (ran: Ran) => string | undefined | Promise<string | undefined>
  /** Around each run, not measured. */
  readonly before?: () => Promise<void>
  readonly after?: () => Promise<void>
}

export type Environment = { readonly [name: string]: string }

/** A program that could not be had on this machine. */
export interface Absent {
  readonly name: string
  readonly why: string
}

export interface Item {
  readonly name: string
  readonly what: string
  readonly rounds: number
  /** Each program first runs once to bring about the state that is measured; only its exit code is looked at. */
  readonly settle: boolean
  /** Each program then runs once with its memory watched, as the measured runs are not: watching costs time. */
  readonly rehearse: boolean
  readonly programs: readonly Program[]
  readonly absent: readonly Absent[]
}

/** What an item is made with. */
export interface Bench {
  /** A folder of this run only. */
  readonly dir: string
  /** The lab's name. */
  readonly lab: string
  readonly undo: Undo
  readonly log: Log
  /** Aborted by an interrupt. */
  readonly signal: AbortSignal
}

export const TKPLAY = 'tkplay'
export const FLOOR = 'floor'
