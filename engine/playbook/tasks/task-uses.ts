import { sourceOf } from '../../config/yaml/yaml.js'
import { type Expr, noScope } from '../../core/expr.js'
import type { Source } from '../../core/source.js'
import type { Step } from '../../core/step.js'
import { isDict, type Value } from '../../core/value.js'
import { isTemplate, type TemplateExpr } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import type { Context } from '../context.js'
import { type Entry, entryOf, hasTemplate } from '../entry.js'
import { isCertain, isCertainTask } from '../problems/certainty.js'
import type { Call } from './module-call.js'

/** Notes what a task evaluates: an undefined name is an error where the task is certain to ask for it, else a finding. */
export const noteUses = (context: Context, keywords: readonly Entry[], step: Step, call: Call): void => {
  const certain = isCertainTask(context, keywords)
  const [firstWhen] = step.when
  const inside = [
    ...templatesIn(context.into, call.dict, step.source),
    ...(call.dynamic ? [call.expr] : []),
    ...(step.environment as readonly TemplateExpr[]),
    ...conditionsOf(context.into, call),
  ]
  const beside = [step.delegateTo, step.become.user, ...step.notify].filter(one => one !== undefined)
  context.into.notifications.add(step, certain)
  const guards = new Set(step.when.flatMap(({ names }) => names))
  const note = (exprs: readonly Expr[], isAsked: boolean, behind: ReadonlySet<string> = guards): void => {
    context.into.uses.add(exprs.map(expr => ({ expr: expr as TemplateExpr, certain: isAsked, guards: behind })))
  }
  note(inside, certain)
  // What is undefined in these fails the task, whatever failed_when says.
  const asked = keywords.filter(({ key }) => key !== 'failed_when')
  note([...beside, ...resultConditions(step)], isCertainTask(context, asked))
  // The first condition is evaluated before it is known whether any holds.
  if (firstWhen !== undefined) note([firstWhen], isCertainTask({ ...context, when: [] }, keywords), new Set())
  if (step.loop !== undefined) note([step.loop.items], isCertain(context))
  for (const expr of [
    ...inside,
    ...beside,
    ...step.when,
    ...(step.changedWhen ?? []),
    ...(step.failedWhen ?? []),
    ...(step.until?.conditions ?? []),
  ]) {
    for (const problem of (expr as Partial<TemplateExpr>).problems ?? [])
      context.into.problems.addThrown(problem, certain ? 'errors' : 'warnings', 'template')
  }
}

/** Of a list of conditions only the first is certain to be evaluated, and of `until` none where there is no second try. */
const resultConditions = ({ changedWhen = [], failedWhen = [], until }: Step): readonly TemplateExpr[] => {
  const { retries, conditions = [] } = until ?? {}
  const again = retries === undefined || (retries.constant && Number(retries.evaluate(noScope)) > 0)
  const asked = [changedWhen[0], failedWhen[0], again ? conditions[0] : undefined]
  return asked.filter(one => one !== undefined) as readonly Expr[] as readonly TemplateExpr[]
}

/** Each template of a tree by itself: an error then names its line, and not that of the whole. */
const templatesIn = (into: Compilation, value: Value, otherwise: Source): readonly TemplateExpr[] => {
  if (Array.isArray(value))
    return value.flatMap((one, index) => templatesIn(into, one, sourceOf(value, index) ?? otherwise))
  if (isDict(value))
    return [...value].flatMap(([key, one]) => templatesIn(into, one, sourceOf(value, key) ?? otherwise))
  return typeof value === 'string' && isTemplate(value) ? [into.template(value, otherwise)] : []
}

/** Expressions that stand in parameters as text: `assert: that:`, `debug: var:`. */
const conditionsOf = (into: Compilation, { callee, dict }: Call): readonly TemplateExpr[] => {
  if (callee.name === 'debug' && typeof dict.get('var') === 'string' && !hasTemplate(dict.get('var') as Value)) {
    // debug shows an undefined variable as such instead of failing.
    into.expression(String(dict.get('var')), entryOf(dict, 'var', { file: '', line: 1, col: 1 }).source)
    return []
  }
  if (callee.name !== 'assert' || !dict.has('that')) return []
  const that = dict.get('that') as Value
  return (Array.isArray(that) ? that : [that]).flatMap((one, index) => {
    if (typeof one !== 'string' || isTemplate(one)) return []
    return [
      into.condition(
        one,
        Array.isArray(that)
          ? (sourceOf(that, index) ?? entryOf(dict, 'that', { file: '', line: 1, col: 1 }).source)
          : entryOf(dict, 'that', { file: '', line: 1, col: 1 }).source,
      ),
    ]
  })
}
