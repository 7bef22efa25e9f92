import { dirname } from 'node:path'
import type { Source } from '../core/source.js'
import type { Node, RoleNames, Step } from '../core/step.js'
import type { Value } from '../core/value.js'
import type { Layer } from '../core/vars.js'
import { jsonText } from '../python/json-text.js'
import { toJson } from '../python/to-json.js'
import { Compilation } from './compilation.js'
import type { Compiler } from './compiler.js'
import type { Load } from './load.js'
import { compileIncluded } from './tasks/includes.js'
import { includeVars } from './variables/include-vars.js'
import { firstVarsFile } from './variables/vars-files.js'

/** What a run asks for on its way. All throw a ConfigError that says where. */
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

/** Compiles includes at their turn, each into a compilation of its own. */
export class IncludeLoader implements PlaybookLoader {
  /** An include brings the same on every host, unless its variables hold a loop's item. */
  readonly #known = new WeakMap<Step, Map<string, Promise<readonly Node[]>>>()
  /** What came with an include, by the first node of it. */
  readonly #handlers = new WeakMap<Node, readonly Step[]>()
  readonly #exposed = new WeakMap<Node, readonly Layer[]>()
  readonly #roles = new WeakMap<Node, readonly RoleNames[]>()

  constructor(
    readonly compiler: Compiler,
    readonly load: Load,
  ) {}

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

  async #one(step: Step, params: ReadonlyMap<string, Value>, layers: readonly Layer[]): Promise<readonly Node[]> {
    const into = new Compilation(this.load)
    const nodes = await compileIncluded(this.compiler, step, params, layers, into)
    into.problems.throwErrors(this.load.noLogParts)
    if (nodes[0] !== undefined) {
      this.#handlers.set(nodes[0], into.handlers)
      this.#exposed.set(nodes[0], into.layers)
      this.#roles.set(nodes[0], into.roles)
    }
    return nodes
  }
}
