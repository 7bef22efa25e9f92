import { type Expr, noScope } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import type { Source } from '../../core/source.js'
import type { Node, Step } from '../../core/step.js'
import type { Dict } from '../../core/value.js'
import { isTemplate, type TemplateExpr } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import { type Entry, entryOf } from '../entry.js'
import { applyKeywords } from '../keywords/keywords.js'
import { asText, asTexts, conditions, scalarExpr } from '../keywords/scalars.js'
import { isCertain, isCertainTask } from '../problems/certainty.js'
import { isOffered, notOffered, notWaitedFor } from '../problems/not-offered.js'
import { noteVariable } from '../variables/variables.js'
import { baseStep, failing } from './base-step.js'
import { suggestModule } from './callee.js'
import { compileImport } from './imports.js'
import { noteInclude } from './includes.js'
import { compileLoop } from './loop.js'
import { type Call, compileCall } from './module-call.js'
import { checkSourceFile } from './source-file.js'
import { splitTask, type TaskKeys } from './task-keys.js'
import { noteUses } from './task-uses.js'

/** One task: usually one step, several where it imports. */
export const compileTask = async (
  compiler: Compiler,
  context: Context,
  dict: Dict,
  source: Source,
): Promise<readonly Node[]> => {
  const { into } = context
  into.load.noLogParts.note(dict, context.inherited.noLog)
  const { keywords, call } = splitTask(into, dict, source)
  if (call === undefined) return []
  const args = keywords.find(({ key }) => key === 'args')
  const { callee, params, local } = call
  if (callee === undefined) return unknownModule(context, keywords, call, source)
  if (callee.name === 'import_tasks' || callee.name === 'import_role') {
    return compileImport(compiler, context, keywords, compileCall(context, callee, params, args), source)
  }
  const inner = applyKeywords(localized(context, local, source), keywords, 'task')
  const certain = isCertainTask(inner, keywords)
  const made = compileCall(inner, callee, params, args, certain)
  const step = stepOf(inner, keywords, { name: callee.name, expr: made.expr }, source)
  if (context.handlers) into.notifications.addHandler(step)
  noteUses(inner, keywords, step, made)
  noteNames(context, made, params)
  checkSourceFile(inner, made, certain)
  if (callee.name === 'meta') context.possibleEnd.noteMeta(made.dict.get('action'))
  if (!isOffered(callee.name))
    into.problems.addThrown(notOffered(callee.name, params.keySource), certain ? 'errors' : 'warnings')
  await noteInclude(compiler, context, step, made, { keywords, certain })
  return [step]
}

const localized = (context: Context, local: boolean, source: Source): Context =>
  local
    ? { ...context, inherited: { ...context.inherited, delegateTo: context.into.template('localhost', source) } }
    : context

/**
 * Roles carry tasks for other systems: a module that tkplay does not have is an error where the task is certain to be reached, else a
 * finding, and the task's failure when it is reached.
 */
const unknownModule = (
  context: Context,
  keywords: readonly Entry[],
  { name, params }: NonNullable<TaskKeys['call']>,
  source: Source,
): readonly Node[] => {
  const inner = applyKeywords(context, keywords, 'task')
  const problem = {
    about: 'module' as const,
    message: `unknown module '${name}'`,
    source: params.keySource,
    hint:
      suggestModule(context.into.load, name) ??
      "see what there is: tkplay doc; a program of one's own runs by 'command' or 'shell'",
  }
  const error = new ConfigError(problem)
  // The step is made in any case, so that the variable it registers counts as defined.
  const step = stepOf(inner, keywords, { name, expr: failing(error, params.source) }, source)
  if (context.handlers) context.into.notifications.addHandler(step)
  const certain = isCertainTask(inner, keywords)
  context.into.problems.addThrown(error, certain ? 'errors' : 'warnings')
  return certain ? [] : [step]
}

/** Puts a step together from what surrounds it and its own keywords. */
const stepOf = (
  context: Context,
  keywords: readonly Entry[],
  module: { readonly name: string; readonly expr: Expr },
  source: Source,
): Step => {
  const find = (key: string) => keywords.find(one => one.key === key)
  const all = (key: string): readonly Expr[] | undefined => {
    const found = find(key)
    return found === undefined ? undefined : conditions(context.into, found)
  }
  const name = nameOf(context.into, find('name'))
  const seconds = scalarOf(context.into, find('async'), 'number')
  const poll = scalarOf(context.into, find('poll'), 'number') ?? context.into.tree(10, source)
  const waits = find('poll')
  if (seconds !== undefined && poll.constant && Number(poll.evaluate(noScope)) <= 0 && !isNotAsync(seconds))
    context.into.problems.addThrown(
      notWaitedFor(waits?.source ?? source),
      isCertainTask(context, keywords) ? 'errors' : 'warnings',
      'parameter',
    )
  const parts = omitUndefined({
    ...baseStep(context, source),
    id: `${context.id}${source.file}:${source.line}${name === undefined ? '' : `:${name.text}`}`,
    module: module.name,
    params: module.expr,
    loop: compileLoop(context.into, keywords, module.name, isCertain(context)),
    register: registerOf(context.into, find('register')),
    changedWhen: all('changed_when'),
    failedWhen: all('failed_when'),
    until: untilOf(context.into, find, all('until')),
    listen: listenOf(context, find('listen')),
    async: seconds === undefined ? undefined : { seconds, poll },
  })
  return { ...parts, name }
}

const nameOf = (into: Compilation, entry: Entry | undefined): TemplateExpr | undefined => {
  if (entry === undefined || entry.value === null) return undefined
  const text = asText(into, entry)
  return text === undefined ? undefined : { ...into.template(text, entry.source), text }
}

/** A task with `async` of 0 or less is no background task, as in Ansible. */
const isNotAsync = (seconds: Expr): boolean => seconds.constant && Number(seconds.evaluate(noScope)) <= 0

const scalarOf = (into: Compilation, entry: Entry | undefined, type: 'number'): Expr | undefined =>
  entry === undefined ? undefined : scalarExpr(into, entry, type)

const registerOf = (into: Compilation, entry: Entry | undefined): string | undefined => {
  const name = entry === undefined ? undefined : asText(into, entry)
  if (name === undefined || entry === undefined) return undefined
  return noteVariable(into, name, entry.source) ? name : undefined
}

const untilOf = (
  into: Compilation,
  find: (key: string) => Entry | undefined,
  until: readonly Expr[] | undefined,
): Step['until'] => {
  const retries = scalarOf(into, find('retries'), 'number')
  const delay = scalarOf(into, find('delay'), 'number')
  if (until === undefined && retries === undefined) return undefined
  return omitUndefined({ conditions: until ?? [], retries, delay })
}

const listenOf = (context: Context, entry: Entry | undefined): readonly string[] | undefined => {
  if (entry === undefined) return undefined
  if (!context.handlers) {
    context.into.problems.add(
      "'listen' in a task that is no handler",
      entry.keySource,
      "move the task under 'handlers:'",
    )
  }
  return asTexts(context.into, entry, 'write a topic, or a list of topics').map(one => one.text)
}

/** Names that a task gives to variables, beside its register. */
const noteNames = (context: Context, { callee, dict, dynamic }: Call, params: Entry): void => {
  if (callee.name !== 'set_fact' && callee.name !== 'add_host') return
  if (dynamic) context.into.mayDefine(context)
  for (const [key] of dict) {
    const name = String(key)
    if (isTemplate(name)) context.into.mayDefine(context)
    else if (callee.name === 'set_fact') noteVariable(context.into, name, entryOf(dict, name, params.source).keySource)
    else context.into.load.names.add(name)
  }
}
