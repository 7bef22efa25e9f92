import type { Source } from '../../core/source.js'
import type { CommandLine } from './remedies.js'

export type Path = readonly (string | number)[]

/** The sources of parameters, for errors. */
export interface Where {
  /** The source of the value at a path; an empty path means the parameters as a whole. */
  sourceOf(path: Path): Source | undefined
  /** The source of the key at a path. */
  keyOf?(path: Path): Source | undefined
  /** A plain scalar as written (`0644`, `1.30`, `yes`). */
  written?(path: Path): string | undefined
}

export interface CheckOptions {
  /** Whose parameters these are, for messages: `copy`, `role calico`. */
  readonly of?: string
  /** The word for one of them; «parameter» by default. */
  readonly noun?: string
  /** Set for parameters on a command line, so that hints say what to type there. */
  readonly commandLine?: CommandLine
  /** Parameters whose values are not known yet (templates): they count as given and are not validated. */
  readonly later?: ReadonlySet<string>
  /** A hint for an unknown name that is valid in another position. */
  readonly misplaced?: (name: string) => string | undefined
  /**
   * Whether the values are as written in YAML, so that ambiguous ones are errors; true by default. False for values
   * from templates.
   */
  readonly literal?: boolean
}
