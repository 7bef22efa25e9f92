import type { Diagnostic } from '../core/diagnostic.js'
import type { AnyModule } from '../core/module.js'
import type { Play } from '../core/step.js'
import type { Layer } from '../core/vars.js'
import type { TemplateEnv } from '../template/index.js'
import { Compilation } from './compilation.js'
import { emptyContext } from './context.js'
import { IncludeLoader, type PlaybookLoader } from './include-loader.js'
import { tagsSelect } from './keywords/tags.js'
import { Load } from './load.js'
import { PlaybookCompiler } from './playbook-compiler.js'
import { compilePlaybook } from './plays/playbook-file.js'
import { findMisspelled } from './variables/misspelled.js'
import { type HostVariables, roleVariableProblems } from './variables/role-variables.js'
import { findSelfReferences } from './variables/self-reference.js'
import { undefinedNames } from './variables/undefined-names.js'

export interface PlaybookOptions {
  readonly modules: ReadonlyMap<string, AnyModule>
  readonly templates: TemplateEnv
  /** Folders of roles besides roles/ beside the playbook and tkplay's own. */
  readonly rolesPath?: readonly string[]
  /** The end of the message about a role that is not found: where else roles may lie. */
  readonly rolesHint?: string
  /** The variables of `-e`: names of imports and files may use them. */
  readonly extra?: Layer
  /** The names of all variables in the inventory; where they are known, undefined variables are looked for. */
  readonly inventoryNames?: Iterable<string>
  /** There may be an inventory that is not known, with more names. */
  readonly namesMayCome?: boolean
  /** Whether steps with these tags are going to run; by default all but `never`. */
  readonly selects?: (tags: readonly string[]) => boolean
  /** The hosts of a play's pattern that this run works on: a play without hosts cannot fail. */
  readonly hostsOf?: (pattern: string) => readonly string[]
  /** With an inventory, variables are checked against the schemas of the TypeScript roles that take them. */
  readonly inventory?: HostVariables
}

export interface LoadedPlaybooks {
  readonly plays: readonly Play[]
  readonly loader: PlaybookLoader
  /** Findings: what may be wrong, or is wrong only if it is reached. */
  readonly warnings: readonly Diagnostic[]
  /** Tags that something in the plays has; `hidden`: what is known only at its turn may have others. */
  readonly tags: { readonly names: ReadonlySet<string>; readonly hidden: boolean }
  /** Names that the plays and the command line define; `open`: more may come that cannot be told before running. */
  readonly names: { readonly known: ReadonlySet<string>; readonly open: boolean }
}

/**
 * Reads playbooks and compiles them: keywords are on the steps that inherit them, imports and roles are replaced by their tasks.
 * @throws ConfigError with everything that can be known to be wrong before any host is asked
 */
export const loadPlaybook = async (files: readonly string[], options: PlaybookOptions): Promise<LoadedPlaybooks> => {
  const { modules, templates, extra, rolesPath = [], rolesHint = '', hostsOf, inventory } = options
  const { selects = tags => tagsSelect(tags, [], []) } = options
  const load = new Load({ modules, templates, extra, rolesPath, rolesHint, selects, hostsOf })
  const into = new Compilation(load)
  const { problems, uses } = into
  const compiler = new PlaybookCompiler()
  const plays: Play[] = []
  for (const file of files) {
    try {
      plays.push(...(await compilePlaybook(compiler, emptyContext(into), file)))
    } catch (error) {
      problems.addThrown(error)
    }
  }
  if (options.inventoryNames !== undefined) {
    const { certain, perhaps } = undefinedNames(into, options.inventoryNames)
    problems[options.namesMayCome === true ? 'warnings' : 'errors'].push(...certain)
    problems.warnings.push(...perhaps)
  }
  if (inventory !== undefined) {
    const sources = new Set(inventory.names.flatMap(host => inventory.layersOf(host)).map(({ bindings }) => bindings))
    for (const bindings of sources) findSelfReferences(into, bindings)
    problems.errors.push(...roleVariableProblems(plays, inventory, extra))
    findMisspelled(into, plays, inventory)
  }
  problems.throwErrors(load.noLogParts)
  return {
    plays,
    loader: new IncludeLoader(compiler, load),
    warnings: problems.warnings.map(one => load.noLogParts.masked(one)),
    tags: { names: load.tags, hidden: load.tagsMayCome },
    names: { known: load.names, open: uses.isOpen },
  }
}
