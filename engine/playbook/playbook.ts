import { dirname } from 'node:path'
import { Mutex } from 'async-mutex'
import type { Diagnostic } from '../core/diagnostic.js'
import type { AnyModule } from '../core/module.js'
import type { Source } from '../core/source.js'
import type { Node, Play, RoleNames, Step } from '../core/step.js'
import type { Value } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import { jsonText } from '../python/json-text.js'
import { toJson } from '../python/to-json.js'
import type { TemplateEnv } from '../template/index.js'
import { Compilation } from './compilation.js'
import { tagsSelect } from './keywords/tags.js'
import { PlaybookCompiler } from './playbook-compiler.js'
import { compilePlaybook } from './plays/playbook-file.js'
import { Problems } from './problems/problems.js'
import { compileIncluded } from './tasks/includes.js'
import { includeVars } from './variables/include-vars.js'
import { findMisspelled } from './variables/misspelled.js'
import { type HostVariables, roleVariableProblems } from './variables/role-variables.js'
import { findSelfReferences } from './variables/self-reference.js'
import { undefinedNames } from './variables/undefined-names.js'
import { firstVarsFile } from './variables/vars-files.js'
import { Work } from './work.js'

export interface PlaybookOptions {
  readonly modules: ReadonlyMap<string, AnyModule>
  readonly templates: TemplateEnv
  /** Folders of roles besides roles/ beside the playbook and tkplay's own. */
  readonly rolesPath?: readonly string[]
  /** Goes on to say where else roles may lie, where one is not found. */
  readonly rolesHint?: string
  /** -e: names of imports and files may use them. */
  readonly extra?: Layer
  /** All names that the inventory gives to any host; with them, undefined variables are looked for. */
  readonly inventoryNames?: Iterable<string>
  /** An inventory that is not known may give more of them. */
  readonly namesMayCome?: boolean
  /** Whether what has these tags is going to run; all but `never` unless told. */
  readonly selects?: (tags: readonly string[]) => boolean
  /** The hosts of a play's pattern that are worked on: what is for nobody does not fail. */
  readonly hostsOf?: (pattern: string) => readonly string[]
  /** With it, variables are judged by the schemas of the TypeScript roles that take them. */
  readonly inventory?: HostVariables
}

export interface LoadedPlaybooks {
  readonly plays: readonly Play[]
  readonly loader: PlaybookLoader
  /** What may be wrong, or counts only when it is reached. */
  readonly warnings: readonly Diagnostic[]
  /** Tags that something in the plays has; `hidden`: what is known only at its turn may have others. */
  readonly tags: { readonly names: ReadonlySet<string>; readonly hidden: boolean }
  /** Names that the plays and the command line define; `open`: more may come that cannot be told before running. */
  readonly names: { readonly known: ReadonlySet<string>; readonly open: boolean }
}

/** What a run asks for on its way. All throw ConfigError with places. */
export interface PlaybookLoader {
  /**
   * @param layers variables of the loop's item
   * @param apply the evaluated keywords for its tasks
   */
  includeTasks(step: Step, file: string, layers: readonly Layer[], apply?: Value): Promise<readonly Node[]>
  /** @param params the evaluated parameters of include_role */
  includeRole(step: Step, params: ReadonlyMap<string, Value>, layers: readonly Layer[]): Promise<readonly Node[]>
  /** The handlers that came with nodes which `includeRole` or `includeTasks` gave. */
  handlersOf(nodes: readonly Node[]): readonly Step[]
  /** Variables of the roles among them that are public, which the rest of the play sees. */
  exposedBy(nodes: readonly Node[]): readonly Layer[]
  /** The roles among them. */
  rolesOf(nodes: readonly Node[]): readonly RoleNames[]
  /** `vars_files` whose names needed a host: the first of these names that is there. */
  varsFile(names: readonly string[], from: Source): Promise<Layer>
  includeVars(step: Step, params: ReadonlyMap<string, Value>): Promise<Layer>
}

/**
 * Reads playbooks and compiles them: keywords are on the steps that inherit them, imports and roles in their places.
 * @throws ConfigError with everything that can be known to be wrong before any host is asked
 */
export const loadPlaybook = async (files: readonly string[], options: PlaybookOptions): Promise<LoadedPlaybooks> => {
  const { selects = tags => tagsSelect(tags, [], []), hostsOf } = options
  const work = new Work(options.modules, options.templates, options.extra, selects)
  const compiler = new PlaybookCompiler(work, options.rolesPath ?? [], options.rolesHint ?? '', hostsOf)
  const plays: Play[] = []
  for (const file of files) {
    try {
      plays.push(...(await compilePlaybook(compiler, file)))
    } catch (error) {
      work.problems.take(error)
    }
  }
  if (options.inventoryNames !== undefined) {
    const { certain, perhaps } = undefinedNames(work, options.inventoryNames)
    work.problems[options.namesMayCome === true ? 'warnings' : 'errors'].push(...certain)
    work.problems.warnings.push(...perhaps)
  }
  if (options.inventory !== undefined) {
    const { inventory } = options
    const places = new Set(inventory.names.flatMap(host => inventory.layersOf(host)).map(({ bindings }) => bindings))
    for (const bindings of places) findSelfReferences(work, bindings)
    work.problems.errors.push(...roleVariableProblems(plays, inventory, options.extra))
    findMisspelled(work, plays, inventory)
  }
  work.problems.throw(work.quiet)
  return {
    plays,
    loader: new Loader(compiler),
    warnings: work.problems.warnings.map(one => work.quiet.told(one)),
    tags: { names: work.tags, hidden: work.hidden },
    names: { known: work.names, open: work.open < Number.POSITIVE_INFINITY },
  }
}

/** Compiles includes one at a time: the compiler keeps what the present play leaves. */
class Loader implements PlaybookLoader {
  readonly #compiling = new Mutex()
  /** What an include brings is the same on every host, unless a loop's item is in it. */
  readonly #known = new WeakMap<Step, Map<string, Promise<readonly Node[]>>>()
  /** By the first of the nodes that they came with. */
  readonly #handlers = new WeakMap<Node, readonly Step[]>()
  readonly #exposed = new WeakMap<Node, readonly Layer[]>()
  readonly #roles = new WeakMap<Node, readonly RoleNames[]>()

  constructor(readonly compiler: PlaybookCompiler) {}

  includeTasks(step: Step, file: string, layers: readonly Layer[], apply: Value = null): Promise<readonly Node[]> {
    const params = new Map<string, Value>([
      ['file', file],
      ['apply', apply],
    ])
    return this.#kept(step, apply === null ? file : jsonText(toJson(params)), params, layers)
  }

  includeRole(step: Step, params: ReadonlyMap<string, Value>, layers: readonly Layer[]): Promise<readonly Node[]> {
    return this.#kept(step, jsonText(toJson(new Map(params))), params, layers)
  }

  handlersOf(nodes: readonly Node[]): readonly Step[] {
    return nodes.flatMap(node => this.#handlers.get(node) ?? [])
  }

  exposedBy(nodes: readonly Node[]): readonly Layer[] {
    return nodes.flatMap(node => this.#exposed.get(node) ?? [])
  }

  rolesOf(nodes: readonly Node[]): readonly RoleNames[] {
    return nodes.flatMap(node => this.#roles.get(node) ?? [])
  }

  varsFile(names: readonly string[], from: Source): Promise<Layer> {
    return firstVarsFile(names, dirname(from.file), from)
  }

  includeVars(step: Step, params: ReadonlyMap<string, Value>): Promise<Layer> {
    return includeVars(step, params)
  }

  #kept(
    step: Step,
    key: string,
    params: ReadonlyMap<string, Value>,
    layers: readonly Layer[],
  ): Promise<readonly Node[]> {
    if (layers.length > 0) return this.#one(step, params, layers)
    const ofStep = this.#known.get(step) ?? new Map<string, Promise<readonly Node[]>>()
    this.#known.set(step, ofStep)
    const known = ofStep.get(key) ?? this.#one(step, params, layers)
    ofStep.set(key, known)
    return known
  }

  #one(step: Step, params: ReadonlyMap<string, Value>, layers: readonly Layer[]): Promise<readonly Node[]> {
    return this.#compiling.runExclusive(async () => {
      const { compiler } = this
      const { work } = compiler
      const into = new Compilation()
      work.problems = new Problems()
      work.uses.length = 0
      work.beginPlay()
      const nodes = await compileIncluded(compiler, step, params, layers, into)
      work.problems.throw(work.quiet)
      if (nodes[0] !== undefined) {
        this.#handlers.set(nodes[0], into.handlers)
        this.#exposed.set(nodes[0], into.layers)
        this.#roles.set(nodes[0], into.roles)
      }
      return nodes
    })
  }
}
