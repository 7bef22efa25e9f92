import { ConfigError } from '../../core/failure.js'
import { formatSource, type Source } from '../../core/source.js'
import type { Node, Step } from '../../core/step.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import type { Compilation } from '../compilation.js'
import type { Compiler, Include } from '../compiler.js'
import type { Context } from '../context.js'
import { type Entry, entriesOf, entryOf } from '../entry.js'
import { applyKeywords } from '../keywords/keywords.js'
import { appliedTags } from '../keywords/tag-templates.js'
import { PossibleEnd } from '../problems/possible-end.js'
import type { Call } from './module-call.js'
import { knownParams, roleCallOf } from './role-params.js'
import { compileNamedFile } from './tasks-file.js'

/**
 * An include is compiled when its turn comes. Known before are the mistakes in its file, and the names that its tasks define, where its
 * name holds no variables of a host.
 */
export const noteInclude = async (
  compiler: Compiler,
  context: Context,
  step: Step,
  call: Call,
  { keywords, certain }: { readonly keywords: readonly Entry[]; readonly certain: boolean },
): Promise<void> => {
  const { into } = context
  const { name } = call.callee
  if (name === 'include_vars') into.mayDefine(context)
  if (name !== 'include_tasks' && name !== 'include_role') return
  const own = step.vars.filter(layer => layer.rank === rank.taskVars).at(-1)
  const vars: Layer = {
    rank: rank.includeParams,
    name: 'include vars',
    bindings: keywords.some(({ key }) => key === 'vars') ? (own?.bindings ?? new Map()) : new Map(),
  }
  const apply = call.dict.get('apply')
  // A template that gives keywords may give tags.
  if (typeof apply === 'string') into.load.noteUnknownTags()
  const include: Include = {
    context,
    vars,
    apply: isDict(apply) ? entryOf(call.dict, 'apply', step.source) : undefined,
  }
  compiler.includes.set(step, include)
  await preview(compiler, step, include, call, certain)
}

/** What the include at that step brings, compiled into a compilation of its own. */
export const compileIncluded = async (
  compiler: Compiler,
  step: Step,
  params: ReadonlyMap<string, Value>,
  layers: readonly Layer[],
  into: Compilation,
): Promise<readonly Node[]> => {
  const include = compiler.includes.get(step)
  if (include === undefined) throw new Error(`no include at ${formatSource(step.source)}`)
  const context = { ...include.context, into, possibleEnd: new PossibleEnd() }
  return compileInclude(compiler, step, { ...include, context }, params, layers)
}

const compileInclude = async (
  compiler: Compiler,
  step: Step,
  { context, vars, apply }: Include,
  params: ReadonlyMap<string, Value>,
  layers: readonly Layer[],
): Promise<readonly Node[]> => {
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
      ? applied(within, apply.value, apply.source, appliedTags(params.get('apply')))
      : within
  if (step.module === 'include_tasks')
    return compileNamedFile(compiler, inner, String(params.get('file') ?? ''), step.source)
  return compiler.role(inner, roleCallOf(new Map(params), params, step.source), {
    once: false,
    public: params.get('public') === true,
    included: true,
  })
}

/** `apply` of an include. Its tags are the only ones that see variables of a host, as in Ansible. */
const applied = (within: Context, apply: Dict, source: Source, tags: readonly string[]): Context => {
  const keywords = entriesOf(apply, source).filter(({ key }) => key !== 'tags')
  const inner = applyKeywords(within, keywords, 'block')
  for (const tag of tags) within.into.load.tags.add(tag)
  return { ...inner, tags: [...new Set([...inner.tags, ...tags])] }
}

/** Compiles an include before its turn, as far as its name is known, for what is wrong inside and for the names that its tasks define. */
const preview = async (
  compiler: Compiler,
  step: Step,
  include: Include,
  call: Call,
  certain: boolean,
): Promise<void> => {
  const { context, vars } = include
  const { into } = context
  // Under no_log the name that a template gives is not shown in messages.
  const isNoLog = step.noLog !== undefined && !call.expr.constant
  const params = call.dynamic || isNoLog ? undefined : knownParams({ ...context, vars: [...context.vars, vars] }, call)
  if (params === undefined) {
    into.mayBring(context)
    // One of its tasks may be a `meta: end_play`.
    context.possibleEnd.noteOfPlay()
    return
  }
  const key = `${step.module} ${String(params.get('file') ?? params.get('name'))} ${context.origin.dir}`
  // An include that leads back to itself ends by its `when`.
  if (context.previews.includes(key) || context.includes.length >= mostIncludes) return
  const inside = into.forPreview()
  const handlers = into.notifications.handlers.length
  const within: Context = { ...context, into: inside, previews: [...context.previews, key] }
  try {
    await compileInclude(compiler, step, { ...include, context: within }, params, [])
  } finally {
    if (context.handlers) into.notifications.markIncluded(handlers)
    for (const name of inside.layers.flatMap(layer => [...layer.bindings.keys()])) into.load.names.add(name)
  }
  // A missing file or an unknown keyword inside is an error where the include is certain to be reached.
  const { errors, warnings } = inside.problems
  if (certain) into.problems.errors.push(...errors)
  else into.problems.warnings.push(...errors.map(one => ({ about: 'include' as const, ...one })))
  into.problems.warnings.push(...warnings)
}

/** Includes inside of includes. ansible-core ends at 247, by Python's own bound on calls. */
const mostIncludes = 250

/** An include that leads to itself without end would fill the memory. */
const tooDeep = (includes: readonly Source[], { source }: Step): ConfigError => {
  const sources = [...new Set(includes.map(formatSource))]
  const chain = sources.length > 5 ? [...sources.slice(0, 2), '…', ...sources.slice(-2)] : sources
  return new ConfigError({
    message: `includes inside of each other are more than ${mostIncludes} deep`,
    source,
    hint: `end them by a \`when\`; they go ${chain.join(' → ')}`,
  })
}
