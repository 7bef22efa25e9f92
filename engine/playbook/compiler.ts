import { readYaml, sourceOf } from '../config/yaml/yaml.js'
import { noScope } from '../core/expr.js'
import { ConfigError } from '../core/failure.js'
import { formatSource, type Source } from '../core/source.js'
import type { Node, Step } from '../core/step.js'
import { type Dict, isDict, type Value } from '../core/value.js'
import { type Layer, rank } from '../core/vars.js'
import { Compilation } from './compilation.js'
import { firstFile, foldersIn, notFound, placesFor } from './files/find-file.js'
import { applyKeywords } from './keywords/keywords.js'
import { type Entry, entriesOf, entry } from './keywords/shape.js'
import { appliedTags } from './keywords/tag-templates.js'
import { Problems } from './problems/problems.js'
import { compileRole } from './roles/compile-role.js'
import { emptyParams, type RoleCall, type RoleFiles } from './roles/role-use.js'
import { nodesOfFile } from './roles/yaml-role.js'
import type { Call } from './tasks/module-call.js'
import { staticValue } from './variables/variables.js'
import { type Context, shown, type Work } from './work.js'

/** What an include needs when its turn comes: what surrounds it, without its own keywords. */
interface Include {
  readonly context: Context
  readonly vars: Layer
  readonly apply: Entry | undefined
}

/** Compiles tasks, and what they import; remembers where includes stand. */
export class Compiler {
  readonly #includes = new WeakMap<Step, Include>()
  readonly #trees = new Map<string, Promise<Value>>()

  constructor(
    readonly work: Work,
    readonly rolesPath: readonly string[],
    /** Where else roles may lie that are not found. */
    readonly rolesHint: string,
    readonly hostsOf: ((pattern: string) => readonly string[]) | undefined = undefined,
  ) {}

  /** A file's tree, read once: an include in a loop, or on many hosts, asks often. @throws ConfigError */
  tree(file: string): Promise<Value> {
    const known = this.#trees.get(file)
    if (known !== undefined) return known
    const read = readYaml(file, shown(file))
    this.#trees.set(file, read)
    return read
  }

  /** `import_tasks`, `import_role`: their tasks stand in the place, and have the import's keywords. */
  async importInto(context: Context, keywords: readonly Entry[], call: Call, source: Source): Promise<readonly Node[]> {
    const { work } = this
    const loop = keywords.find(({ key }) => key === 'loop' || key.startsWith('with_'))
    if (loop !== undefined) {
      work.problems.add(
        `${call.callee.name} cannot loop`,
        loop.keySource,
        `use ${call.callee.name.replace('import', 'include')}: it is asked for each item`,
      )
    }
    for (const { key, keySource } of keywords) {
      if (noUse.has(key))
        work.problems.warn(`'${key}' has no effect beside ${call.callee.name}`, keySource, 'put it on the tasks inside')
    }
    const inner = applyKeywords(work, context, keywords, 'task')
    const names = this.#staticParams(inner, call, source)
    if (names === undefined) return []
    const under = { ...inner, id: `${inner.id}${source.file}:${source.line}>` }
    if (call.callee.name === 'import_tasks')
      return this.tasksFile(under, String(names.get('file') ?? ''), entry(call.dict, 'file', source).source)
    return compileRole(this, under, roleCall(call.dict, names, source), {
      once: false,
      public: names.get('public') !== false,
    })
  }

  /** A file of tasks by its name. Problems where it is not there, or includes itself. */
  async tasksFile(context: Context, name: string, source: Source): Promise<readonly Node[]> {
    const places = placesFor(context.origin, 'tasks', name)
    const file = firstFile(places)
    if (file === undefined) {
      if (name !== '') notFound(this.work, context, 'file of tasks', name, places, source)
      return []
    }
    return this.imported(context, name, file, source)
  }

  /** The tasks of a file that stand in the place of an import. A problem where the import leads back to the file. */
  async imported(context: Context, name: string, file: string, source: Source): Promise<readonly Node[]> {
    if (context.imports.includes(file)) {
      this.work.problems.add(`${name} imports itself`, source, 'use an include with a `when` that ends it')
      return []
    }
    return nodesOfFile(this, { ...context, imports: [...context.imports, file] }, file)
  }

  /**
   * An include is compiled when its turn comes. What can be told of it now is: what is wrong in its file, and the names that its tasks
   * define.
   */
  async noteInclude(
    context: Context,
    step: Step,
    call: Call,
    { keywords, certain }: { readonly keywords: readonly Entry[]; readonly certain: boolean },
  ): Promise<void> {
    const { work } = this
    const { name } = call.callee
    if (name === 'include_vars') work.mayDefine(context)
    if (name !== 'include_tasks' && name !== 'include_role') return
    const own = step.vars.filter(layer => layer.rank === rank.taskVars).at(-1)
    const vars: Layer = {
      rank: rank.includeParams,
      name: 'include vars',
      bindings: keywords.some(({ key }) => key === 'vars') ? (own?.bindings ?? new Map()) : new Map(),
    }
    const apply = call.dict.get('apply')
    // A template that gives keywords may give tags.
    if (typeof apply === 'string') work.hidden = true
    const include: Include = {
      context,
      vars,
      apply: isDict(apply) ? entry(call.dict, 'apply', step.source) : undefined,
    }
    this.#includes.set(step, include)
    await this.#lookInside(step, include, call, certain)
  }

  /** What an include at that step brings, compiled now, into a compilation of its own. */
  async included(
    step: Step,
    params: ReadonlyMap<string, Value>,
    layers: readonly Layer[],
    into: Compilation,
  ): Promise<readonly Node[]> {
    const include = this.#includes.get(step)
    if (include === undefined) throw new Error(`no include at ${formatSource(step.source)}`)
    return this.#compileInclude(step, { ...include, context: { ...include.context, into } }, params, layers)
  }

  async #compileInclude(
    step: Step,
    { context, vars, apply }: Include,
    params: ReadonlyMap<string, Value>,
    layers: readonly Layer[],
  ): Promise<readonly Node[]> {
    const includes = [...context.includes, step.source]
    if (includes.length > mostIncludes) throw tooDeep(includes, step)
    const within: Context = {
      ...context,
      guarded: true,
      id: `${step.id}>`,
      includes,
      imports: [],
      vars: [...context.vars, vars, ...layers],
    }
    const inner =
      apply !== undefined && isDict(apply.value)
        ? this.#applied(within, apply.value, apply.source, appliedTags(params.get('apply')))
        : within
    if (step.module === 'include_tasks') return this.tasksFile(inner, String(params.get('file') ?? ''), step.source)
    return compileRole(this, inner, roleCall(new Map(params), params, step.source), {
      once: false,
      public: params.get('public') === true,
      included: true,
    })
  }

  /** `apply` of an include. Its tags are the only ones that see variables of a host, as in Ansible. */
  #applied(within: Context, apply: Dict, source: Source, tags: readonly string[]): Context {
    const keywords = entriesOf(apply, source).filter(({ key }) => key !== 'tags')
    const inner = applyKeywords(this.work, within, keywords, 'block')
    for (const tag of tags) this.work.tags.add(tag)
    return { ...inner, tags: [...new Set([...inner.tags, ...tags])] }
  }

  async #lookInside(step: Step, include: Include, call: Call, certain: boolean): Promise<void> {
    const { work } = this
    // The name that a template gives is not told then.
    const isQuiet = step.noLog !== undefined && !call.expr.constant
    const names =
      call.dynamic || isQuiet
        ? undefined
        : this.#knownParams({ ...include.context, vars: [...include.context.vars, include.vars] }, call)
    const key = `${step.module} ${String(names?.get('file') ?? names?.get('name'))} ${include.context.origin.dir}`
    if (names === undefined) {
      work.mayBring(include.context)
      // One of its tasks may be a `meta: end_play`.
      work.mayEnd = 'play'
      return
    }
    // An include that leads back to itself ends by its `when`.
    if (work.including.includes(key) || include.context.includes.length >= mostIncludes) return
    const { problems } = work
    const inside = new Problems()
    work.problems = inside
    const into = new Compilation()
    const handlers = work.notices.handlers.length
    work.including.push(key)
    try {
      await this.#compileInclude(step, { ...include, context: { ...include.context, again: true, into } }, names, [])
    } finally {
      work.including.pop()
      if (include.context.handlers) work.notices.bring(handlers)
      work.problems = problems
      for (const name of into.layers.flatMap(layer => [...layer.bindings.keys()])) work.names.add(name)
    }
    // What is no task's own fault, a missing file or an unknown keyword, counts where the include cannot but be reached.
    if (certain) problems.errors.push(...inside.errors)
    else problems.warnings.push(...inside.errors.map(one => ({ about: 'include' as const, ...one })))
    problems.warnings.push(...inside.warnings)
  }

  /** The values of a call's parameters, for an import; problems where a host would have to be known. */
  #staticParams(context: Context, call: Call, source: Source): ReadonlyMap<string, Value> | undefined {
    const known = this.#knownParams(context, call)
    if (known === undefined) {
      const given = entry(call.dict, call.callee.name === 'import_tasks' ? 'file' : 'name', source)
      this.work.problems.add(
        `${call.callee.name}: its name depends on variables of hosts`,
        given.source,
        `use ${call.callee.name.replace('import', 'include')}: imports are done before any host is known`,
      )
    }
    return known
  }

  #knownParams(context: Context, call: Call): ReadonlyMap<string, Value> | undefined {
    const value = call.expr.constant ? call.expr.evaluate(noScope) : staticValue(this.work, context, call.expr)
    if (!isDict(value)) return undefined
    return new Map([...value].map(([key, one]) => [String(key), one]))
  }

  /** Names of all roles in these folders, for «did you mean». */
  roleNames(folders: readonly string[]): readonly string[] {
    return folders.flatMap(foldersIn)
  }
}

/** Includes inside of includes. ansible-core ends at 247, by Python's own bound on calls. */
const mostIncludes = 250

/** What includes itself without end would fill the memory. */
const tooDeep = (includes: readonly Source[], { source }: Step): ConfigError => {
  const places = [...new Set(includes.map(formatSource))]
  const shownPlaces = places.length > 5 ? [...places.slice(0, 2), '…', ...places.slice(-2)] : places
  return new ConfigError({
    message: `includes inside of each other are more than ${mostIncludes} deep`,
    source,
    hint: `end them by a \`when\`; they go ${shownPlaces.join(' → ')}`,
  })
}

/** Keywords of one task's own turn: an import has none. */
const noUse = new Set(['register', 'until', 'retries', 'delay', 'changed_when', 'failed_when', 'async', 'poll'])

const roleCall = (dict: Dict, values: ReadonlyMap<string, Value>, source: Source): RoleCall => {
  const text = (key: string): string | undefined => {
    const value = values.get(key)
    return value === undefined || value === null ? undefined : String(value).replace(/\.(?:yml|yaml|json)$/, '')
  }
  const files = {
    tasks: text('tasks_from'),
    vars: text('vars_from'),
    defaults: text('defaults_from'),
    handlers: text('handlers_from'),
  }
  return {
    name: String(values.get('name') ?? ''),
    source: sourceOf(dict, 'name') ?? source,
    keywords: [],
    params: emptyParams,
    written: dict,
    from: Object.fromEntries(Object.entries(files).filter(([, file]) => file !== undefined)) as RoleFiles,
  }
}
