import { sourceOf } from '../../config/yaml/yaml.js'
import { type Expr, noScope } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import type { Source } from '../../core/source.js'
import type { Node, Step } from '../../core/step.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { isTemplate, type TemplateExpr } from '../../template/index.js'
import type { Compiler } from '../compiler.js'
import { applyKeywords, conditions } from '../keywords/keywords.js'
import { asText, asTexts, type Entry, entry, hasTemplate, scalarExpr } from '../keywords/shape.js'
import { isSure, isSureTask } from '../problems/certainty.js'
import { isOffered, leftAlone, notOffered } from '../problems/not-offered.js'
import { noteVariable } from '../variables/variables.js'
import type { Context, Work } from '../work.js'
import { baseStep, failing } from './base-step.js'
import { suggestModule } from './callee.js'
import { compileImport } from './imports.js'
import { noteInclude } from './includes.js'
import { compileLoop } from './loop.js'
import { type Call, compileCall } from './module-call.js'
import { judgeFile } from './task-files.js'
import { splitTask, type TaskKeys } from './task-keys.js'

/** One task: usually one step, several where it imports. */
export const compileTask = async (
  compiler: Compiler,
  context: Context,
  dict: Dict,
  source: Source,
): Promise<readonly Node[]> => {
  const { work } = compiler
  work.noteQuiet(context, dict)
  const { keywords, call } = splitTask(work, dict, source)
  if (call === undefined) return []
  const args = keywords.find(({ key }) => key === 'args')
  const { callee, params, local } = call
  if (callee === undefined) return unknownModule(work, context, keywords, call, source)
  if (callee.name === 'import_tasks' || callee.name === 'import_role') {
    return compileImport(compiler, context, keywords, compileCall(work, context, callee, params, args), source)
  }
  const inner = applyKeywords(work, localized(work, context, local, source), keywords, 'task')
  const certain = isSureTask(work, inner, keywords)
  const made = compileCall(work, inner, callee, params, args, certain)
  const step = stepOf(work, inner, keywords, { name: callee.name, expr: made.expr }, source)
  if (context.handlers) work.notices.handlers.push(step)
  noteUses(work, inner, keywords, step, made)
  noteNames(work, context, made, params)
  judgeFile(work, inner, made, certain)
  if (callee.name === 'meta') work.meetMeta(made.dict.get('action'))
  if (!isOffered(callee.name))
    work.problems.take(notOffered(callee.name, params.keySource), certain ? 'errors' : 'warnings')
  await noteInclude(compiler, context, step, made, { keywords, certain })
  return [step]
}

const localized = (work: Work, context: Context, local: boolean, source: Source): Context =>
  local ? { ...context, handed: { ...context.handed, delegateTo: work.template('localhost', source) } } : context

/**
 * Roles carry tasks for other systems: a module that is not ours is an error where the task cannot but be reached, else a finding, and
 * the task's failure when it is reached.
 */
const unknownModule = (
  work: Work,
  context: Context,
  keywords: readonly Entry[],
  { name, params }: NonNullable<TaskKeys['call']>,
  source: Source,
): readonly Node[] => {
  const inner = applyKeywords(work, context, keywords, 'task')
  const problem = {
    about: 'module' as const,
    message: `unknown module '${name}'`,
    source: params.keySource,
    hint:
      suggestModule(work, name) ?? "see what there is: tkplay doc; a program of one's own runs by 'command' or 'shell'",
  }
  const error = new ConfigError(problem)
  // Made in any case: what it registers is defined.
  const step = stepOf(work, inner, keywords, { name, expr: failing(error, params.source) }, source)
  if (context.handlers) work.notices.handlers.push(step)
  const certain = isSureTask(work, inner, keywords)
  work.problems.take(error, certain ? 'errors' : 'warnings')
  return certain ? [] : [step]
}

/** Puts a step together from what surrounds it and its own keywords. */
const stepOf = (
  work: Work,
  context: Context,
  keywords: readonly Entry[],
  module: { readonly name: string; readonly expr: Expr },
  source: Source,
): Step => {
  const find = (key: string) => keywords.find(one => one.key === key)
  const all = (key: string): readonly Expr[] | undefined => {
    const found = find(key)
    return found === undefined ? undefined : conditions(work, found)
  }
  const name = nameOf(work, find('name'))
  const seconds = scalarOf(work, find('async'), 'number')
  const poll = scalarOf(work, find('poll'), 'number') ?? work.tree(10, source)
  const waits = find('poll')
  if (seconds !== undefined && poll.constant && Number(poll.evaluate(noScope)) <= 0 && !isNotAsync(seconds))
    work.problems.take(
      leftAlone(waits?.source ?? source),
      isSureTask(work, context, keywords) ? 'errors' : 'warnings',
      'parameter',
    )
  const parts = omitUndefined({
    ...baseStep(context, source),
    id: `${context.id}${source.file}:${source.line}${name === undefined ? '' : `:${name.text}`}`,
    module: module.name,
    params: module.expr,
    loop: compileLoop(work, keywords, module.name, isSure(work, context)),
    register: registerOf(work, find('register')),
    changedWhen: all('changed_when'),
    failedWhen: all('failed_when'),
    until: untilOf(work, find, all('until')),
    listen: listenOf(work, context, find('listen')),
    async: seconds === undefined ? undefined : { seconds, poll },
  })
  return { ...parts, name }
}

const nameOf = (work: Work, given: Entry | undefined): TemplateExpr | undefined => {
  if (given === undefined || given.value === null) return undefined
  const text = asText(work, given)
  return text === undefined ? undefined : { ...work.template(text, given.source), text }
}

/** From 0 down it is no background task, as in Ansible. */
const isNotAsync = (seconds: Expr): boolean => seconds.constant && Number(seconds.evaluate(noScope)) <= 0

const scalarOf = (work: Work, given: Entry | undefined, type: 'number'): Expr | undefined =>
  given === undefined ? undefined : scalarExpr(work, given, type)

const registerOf = (work: Work, given: Entry | undefined): string | undefined => {
  const name = given === undefined ? undefined : asText(work, given)
  if (name === undefined || given === undefined) return undefined
  return noteVariable(work, name, given.source) ? name : undefined
}

const untilOf = (
  work: Work,
  find: (key: string) => Entry | undefined,
  until: readonly Expr[] | undefined,
): Step['until'] => {
  const retries = scalarOf(work, find('retries'), 'number')
  const delay = scalarOf(work, find('delay'), 'number')
  if (until === undefined && retries === undefined) return undefined
  return omitUndefined({ conditions: until ?? [], retries, delay })
}

const listenOf = (work: Work, context: Context, given: Entry | undefined): readonly string[] | undefined => {
  if (given === undefined) return undefined
  if (!context.handlers) {
    work.problems.add("'listen' in a task that is no handler", given.keySource, "move the task under 'handlers:'")
  }
  return asTexts(work, given, 'write a topic, or a list of given').map(one => one.text)
}

/** Names that a task gives to variables, beside its register. */
const noteNames = (work: Work, context: Context, { callee, dict, dynamic }: Call, params: Entry): void => {
  if (callee.name !== 'set_fact' && callee.name !== 'add_host') return
  if (dynamic) work.mayDefine(context)
  for (const [key] of dict) {
    const name = String(key)
    if (isTemplate(name)) work.mayDefine(context)
    else if (callee.name === 'set_fact') noteVariable(work, name, entry(dict, name, params.source).keySource)
    else work.names.add(name)
  }
}

/** What a task evaluates: an undefined name is an error now where it cannot but be asked for, else a finding. */
const noteUses = (work: Work, context: Context, keywords: readonly Entry[], step: Step, call: Call): void => {
  const certain = isSureTask(work, context, keywords)
  const [firstWhen] = step.when
  const inside = [
    ...templatesIn(work, call.dict, step.source),
    ...(call.dynamic ? [call.expr] : []),
    ...(step.environment as readonly TemplateExpr[]),
    ...conditionsOf(work, call),
  ]
  const beside = [step.delegateTo, step.become.user, ...step.notify].filter(one => one !== undefined)
  work.notices.note(step, certain)
  const guards = new Set(step.when.flatMap(({ names }) => names))
  const note = (exprs: readonly Expr[], isAsked: boolean, behind: ReadonlySet<string> = guards): void => {
    work.uses.push(...exprs.map(expr => ({ expr: expr as TemplateExpr, certain: isAsked, guards: behind })))
  }
  note(inside, certain)
  // failed_when does not judge these.
  const asked = keywords.filter(({ key }) => key !== 'failed_when')
  note([...beside, ...judgesOf(step)], isSureTask(work, context, asked))
  // The first of the conditions is asked for before any holds.
  if (firstWhen !== undefined) note([firstWhen], isSureTask(work, { ...context, when: [] }, keywords), new Set())
  if (step.loop !== undefined) note([step.loop.items], isSure(work, context))
  for (const expr of [
    ...inside,
    ...beside,
    ...step.when,
    ...(step.changedWhen ?? []),
    ...(step.failedWhen ?? []),
    ...(step.until?.conditions ?? []),
  ]) {
    for (const problem of (expr as Partial<TemplateExpr>).problems ?? [])
      work.problems.take(problem, certain ? 'errors' : 'warnings', 'template')
  }
}

/** Of a list of conditions only the first is asked for certain, and `until` not where there is no second try. */
const judgesOf = ({ changedWhen = [], failedWhen = [], until }: Step): readonly TemplateExpr[] => {
  const { retries, conditions = [] } = until ?? {}
  const again = retries === undefined || (retries.constant && Number(retries.evaluate(noScope)) > 0)
  const asked = [changedWhen[0], failedWhen[0], again ? conditions[0] : undefined]
  return asked.filter(one => one !== undefined) as readonly Expr[] as readonly TemplateExpr[]
}

/** Each template of a tree by itself: its own place is better than that of the whole. */
const templatesIn = (work: Work, value: Value, otherwise: Source): readonly TemplateExpr[] => {
  if (Array.isArray(value))
    return value.flatMap((one, index) => templatesIn(work, one, sourceOf(value, index) ?? otherwise))
  if (isDict(value))
    return [...value].flatMap(([key, one]) => templatesIn(work, one, sourceOf(value, key) ?? otherwise))
  return typeof value === 'string' && isTemplate(value) ? [work.template(value, otherwise)] : []
}

/** Expressions that stand in parameters as text: `assert: that:`, `debug: var:`. */
const conditionsOf = (work: Work, { callee, dict }: Call): readonly TemplateExpr[] => {
  if (callee.name === 'debug' && typeof dict.get('var') === 'string' && !hasTemplate(dict.get('var') as Value)) {
    // debug shows an undefined variable as such instead of failing.
    work.expression(String(dict.get('var')), entry(dict, 'var', { file: '', line: 1, col: 1 }).source)
    return []
  }
  if (callee.name !== 'assert' || !dict.has('that')) return []
  const that = dict.get('that') as Value
  return (Array.isArray(that) ? that : [that]).flatMap((one, index) => {
    if (typeof one !== 'string' || isTemplate(one)) return []
    return [
      work.condition(
        one,
        Array.isArray(that)
          ? work.at(that, [index], entry(dict, 'that', { file: '', line: 1, col: 1 }).source)
          : entry(dict, 'that', { file: '', line: 1, col: 1 }).source,
      ),
    ]
  })
}
