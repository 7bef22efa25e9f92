import type { AnyModule } from '../core/module.js'
import type { Layer } from '../core/vars.js'
import type { TemplateEnv } from '../template/index.js'
import { NoLogParts } from './problems/no-log-parts.js'

export interface LoadOptions {
  readonly modules: ReadonlyMap<string, AnyModule>
  readonly templates: TemplateEnv
  /** The command line's variables. */
  readonly extra: Layer | undefined
  /** Folders of roles besides those that are always looked in. */
  readonly rolesPath: readonly string[]
  /** The end of the message about a role that is not found. */
  readonly rolesHint: string
  /** Whether steps with these tags are going to run. */
  readonly selects: (tags: readonly string[]) => boolean
  /** The hosts of a play's pattern that this run works on. */
  readonly hostsOf: ((pattern: string) => readonly string[]) | undefined
}

/**
 * What all plays of one load share, and the includes that are compiled at their turn. It only grows: what belongs to one play or include
 * is its `Compilation`.
 */
export class Load {
  readonly noLogParts = new NoLogParts()
  /** Names that something in the plays defines. */
  readonly names = new Set<string>()
  /** Names that files of templates use. */
  readonly mentioned = new Set<string>()
  readonly tags = new Set<string>()
  #tagsMayCome = false

  constructor(readonly options: LoadOptions) {
    for (const name of options.extra?.bindings.keys() ?? []) this.names.add(name)
  }

  /** Whether tasks may come that are not known before the run, with tags of their own. */
  get tagsMayCome(): boolean {
    return this.#tagsMayCome
  }

  noteUnknownTags(): void {
    this.#tagsMayCome = true
  }
}
