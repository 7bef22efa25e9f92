import { ConfigError } from '../../core/failure.js'
import { formatSource, type Source } from '../../core/source.js'
import type { Node, Step } from '../../core/step.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { Compilation } from '../compilation.js'
import type { Compiler, Include } from '../compiler.js'
import { applyKeywords } from '../keywords/keywords.js'
import { type Entry, entriesOf, entry } from '../keywords/shape.js'
import { appliedTags } from '../keywords/tag-templates.js'
import { Problems } from '../problems/problems.js'
import type { Context } from '../work.js'
import type { Call } from './module-call.js'
import { knownParams, roleCallOf } from './role-params.js'
import { compileNamedFile } from './tasks-file.js'

/**
 * An include is compiled when its turn comes. What can be told of it now is: what is wrong in its file, and the names that its tasks
 * define.
 */
export const noteInclude = async (
  compiler: Compiler,
  context: Context,
  step: Step,
  call: Call,
  { keywords, certain }: { readonly keywords: readonly Entry[]; readonly certain: boolean },
): Promise<void> => {
  const { work } = compiler
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
  compiler.includes.set(step, include)
  await lookInside(compiler, step, include, call, certain)
}

/** What an include at that step brings, compiled now, into a compilation of its own. */
export const compileIncluded = async (
  compiler: Compiler,
  step: Step,
  params: ReadonlyMap<string, Value>,
  layers: readonly Layer[],
  into: Compilation,
): Promise<readonly Node[]> => {
  const include = compiler.includes.get(step)
  if (include === undefined) throw new Error(`no include at ${formatSource(step.source)}`)
  return compileInclude(compiler, step, { ...include, context: { ...include.context, into } }, params, layers)
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
      ? applied(compiler, within, apply.value, apply.source, appliedTags(params.get('apply')))
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
const applied = (
  { work }: Compiler,
  within: Context,
  apply: Dict,
  source: Source,
  tags: readonly string[],
): Context => {
  const keywords = entriesOf(apply, source).filter(({ key }) => key !== 'tags')
  const inner = applyKeywords(work, within, keywords, 'block')
  for (const tag of tags) work.tags.add(tag)
  return { ...inner, tags: [...new Set([...inner.tags, ...tags])] }
}

const lookInside = async (
  compiler: Compiler,
  step: Step,
  include: Include,
  call: Call,
  certain: boolean,
): Promise<void> => {
  const { work } = compiler
  // The name that a template gives is not told then.
  const isQuiet = step.noLog !== undefined && !call.expr.constant
  const names =
    call.dynamic || isQuiet
      ? undefined
      : knownParams(work, { ...include.context, vars: [...include.context.vars, include.vars] }, call)
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
    await compileInclude(compiler, step, { ...include, context: { ...include.context, again: true, into } }, names, [])
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
