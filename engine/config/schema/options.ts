import type { Source } from '../../core/source.js'
import type { CommandLine } from './remedies.js'

export type Path = readonly (string | number)[]

/** Where parameters stand, for errors. */
export interface Where {
  /** The source of the value at a path; an empty path: of the parameters as a whole. */
  sourceOf(path: Path): Source | undefined
  /** The source of its name. */
  keyOf?(path: Path): Source | undefined
  /** A plain scalar as typed (`0644`, `1.30`, `yes`). */
  written?(path: Path): string | undefined
}

export interface CheckOptions {
  /** Whose parameters they are, for messages: `copy`, `role calico`. */
  readonly of?: string
  /** What one is called; «parameter» unless told. */
  readonly noun?: string
  /** They stand on a command line, and remedies say what to type there. */
  readonly commandLine?: CommandLine
  /** Parameters whose values are not known yet (templates): they count as given and are not validated. */
  readonly later?: ReadonlySet<string>
  /** What to do about an unknown name that means something elsewhere. */
  readonly misplaced?: (name: string) => string | undefined
  /** The values are as typed in YAML, not what templates gave: ambiguous ones are errors. True unless told. */
  readonly literal?: boolean
}
