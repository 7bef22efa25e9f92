import { whereIn } from '../../config/schema/check-params.js'
import type { Path, Where } from '../../config/schema/options.js'
import { copySources, recordSource } from '../../config/yaml/source-map.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import { type Dict, isDict, type Key, Unsafe, type Value } from '../../core/value.js'
import { isTemplate, type TemplateExpr } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import type { Context } from '../context.js'
import type { Entry } from '../entry.js'
import { kindOf } from '../problems/kind-of.js'
import { failing } from './base-step.js'
import type { Callee } from './callee.js'
import { splitWords } from './key-value.js'
import { bareText, freeFormArgs } from './shorthand.js'
import { checkStatic, warnOfInert } from './static-params.js'

/** A task's parameters as one dict that knows where each stands, or a template that gives the dict. */
export interface Call {
  readonly callee: Callee
  readonly dict: Dict
  readonly expr: TemplateExpr
  /** The dict is wrong, or known only when the task runs. */
  readonly dynamic: boolean
}

/**
 * Puts a task's parameters together: `module_defaults`, then `args`, then what stands beside the module's name. Parameters without
 * templates are checked against the module's schema now. Wrong ones fail the task when it is reached.
 * @param certain the task is certain to be reached: wrong parameters are errors now
 */
export const compileCall = (
  context: Context,
  callee: Callee,
  params: Entry,
  args: Entry | undefined,
  certain = true,
): Call => {
  const own = ownParams(context.into, callee, params)
  if (own instanceof DictTemplate)
    return { callee, dict: new Map(), expr: context.into.template(own.text, params.source), dynamic: true }
  const more = argsOf(context.into, args)
  if (more instanceof DictTemplate)
    return { callee, dict: own, expr: merged(context.into, own, more.text, params, args ?? params), dynamic: true }
  const defaults = context.moduleDefaults.get(callee.name) ?? new Map<Key, Value>()
  const parts = [own, more, defaults].filter(part => part.size > 0)
  const dict = parts.length === 1 ? (parts[0] as Dict) : mergedDicts(parts)
  const where = whereOf(parts, params)
  warnOfInert(context.into, callee, dict, where)
  const checked = checkStatic(callee, dict, where)
  if (!(checked instanceof ConfigError))
    return { callee, dict: checked, expr: context.into.tree(checked, params.source), dynamic: false }
  // With wrong parameters it is not known what they bring into a play.
  context.into.problems.addThrown(checked, certain || readAtOnce.has(callee.name) ? 'errors' : 'warnings')
  return { callee, dict, expr: failing(checked, params.source), dynamic: true }
}

/** Control steps whose parameters the compiler itself reads. */
const readAtOnce: ReadonlySet<string> = new Set([
  'import_tasks',
  'import_role',
  'include_tasks',
  'include_role',
  'meta',
])

/** Parameters that are one template, which gives the dict. */
class DictTemplate {
  constructor(readonly text: string) {}
}

const ownParams = (into: Compilation, callee: Callee, params: Entry): Dict | DictTemplate => {
  const { value, source } = params
  if (value === null) return new Map()
  if (isDict(value)) return value
  if (typeof value !== 'string' && !(value instanceof Unsafe)) {
    if (callee.freeForm !== undefined && (typeof value === 'number' || typeof value === 'boolean'))
      return new Map([[callee.freeForm, String(value)]])
    into.problems.add(
      `the parameters of ${callee.name} must be a dict, not ${kindOf(value)}`,
      source,
      "write 'parameter: value' lines under it",
    )
    return new Map()
  }
  if (value instanceof Unsafe) return callee.freeForm === undefined ? new Map() : new Map([[callee.freeForm, value]])
  if (callee.freeForm === undefined && /^\s*\{\{[\s\S]*\}\}\s*$/.test(value)) return new DictTemplate(value)
  return shorthand(into, callee, value, source)
}

/** `copy: src=a dest=b`, `command: ls chdir=/tmp`, `include_tasks: file.yml`. */
const shorthand = (into: Compilation, { name, params, freeForm }: Callee, text: string, source: Source): Dict => {
  if (freeForm === undefined && splitWords(text) === undefined) {
    into.problems.add(
      `${name}: a quote or template is never closed`,
      source,
      "write the parameters as 'name: value' lines",
    )
    return new Map()
  }
  const dict = freeFormArgs(text, freeForm, params) as Map<Key, Value>
  recordSource(dict, source)
  const rest = dict.get(bareText)
  dict.delete(bareText)
  if (typeof rest === 'string') {
    const hint =
      dict.size > 0
        ? "write name=value, or 'name: value' lines"
        : "write the parameters as 'name: value' lines under it"
    into.problems.add(`${name} takes no bare text ('${rest.slice(0, 40)}')`, source, hint)
  }
  return dict
}

const argsOf = (into: Compilation, args: Entry | undefined): Dict | DictTemplate => {
  if (args === undefined || args.value === null) return new Map()
  if (isDict(args.value)) return args.value
  if (typeof args.value === 'string' && isTemplate(args.value)) return new DictTemplate(args.value)
  into.problems.add(
    `'args' must be a dict, not ${kindOf(args.value)}`,
    args.source,
    "write 'parameter: value' lines under it",
  )
  return new Map()
}

/** `args: "{{ dict }}"`: what stands beside the module's name wins. */
const merged = (into: Compilation, own: Dict, text: string, params: Entry, args: Entry): TemplateExpr => {
  const whole = into.template(text, args.source)
  const tree = into.tree(own, params.source)
  return {
    ...tree,
    names: [...new Set([...whole.names, ...tree.names])],
    required: [...new Set([...whole.required, ...tree.required])],
    constant: false,
    evaluate: scope => {
      const [more, mine] = [whole.evaluate(scope), tree.evaluate(scope)]
      return isDict(more) && isDict(mine) ? new Map([...more, ...mine]) : more
    },
  }
}

/** The first of the dicts that has a key gives its value. */
const mergedDicts = (parts: readonly Dict[]): Dict => {
  const made = new Map<Key, Value>()
  for (const part of parts.toReversed()) for (const [key, value] of part) made.set(key, value)
  for (const part of parts.toReversed()) copySources(part, made)
  return made
}

const whereOf = (parts: readonly Dict[], params: Entry): Where => {
  const holder = (path: Path) => parts.find(part => part.has(path[0] as Key))
  return {
    sourceOf: path => {
      const found = path.length === 0 ? undefined : holder(path)
      return found === undefined ? params.keySource : (whereIn(found).sourceOf(path) ?? params.source)
    },
    keyOf: path => {
      const found = holder(path)
      return found === undefined ? undefined : whereIn(found).keyOf?.(path)
    },
    written: path => whereIn(holder(path)).written?.(path),
  }
}
