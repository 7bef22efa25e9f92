import type { Log } from '../lab/support/log.js'
import type { Ran } from './measure.js'
import type { Undo } from './undo.js'

/** One of the programs that are measured in an item. */
export interface Program {
  readonly name: string
  readonly version?: string
  readonly argv: readonly string[]
  readonly env: Environment
  readonly cwd: string
  /**
   * What is wrong with a run that exited with 0; undefined where it is right. A wrong run is reported and not counted.
   */
  readonly check: (ran: Ran) => string | undefined | Promise<string | undefined>
  /** Called around each run, not measured. */
  readonly before?: () => Promise<void>
  readonly after?: () => Promise<void>
}

export type Environment = { readonly [name: string]: string }

/** A program that could not be installed on this machine. */
export interface Absent {
  readonly name: string
  readonly why: string
}

export interface Item {
  readonly name: string
  readonly what: string
  readonly rounds: number
  /** Whether each program first runs once to bring about the measured state; only its exit code is checked. */
  readonly settle: boolean
  /**
   * Whether each program then runs once with its memory watched. The measured runs are not watched, since that takes
   * time.
   */
  readonly rehearse: boolean
  readonly programs: readonly Program[]
  readonly absent: readonly Absent[]
}

/** What the items share. */
export interface Bench {
  /** A folder for this run only. */
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
