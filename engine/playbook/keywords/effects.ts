import type { Expr } from '../../core/expr.js'
import { type Dict, isDict } from '../../core/value.js'
import { rank } from '../../core/vars.js'
import type { Context } from '../context.js'
import { type Entry, entriesOf } from '../entry.js'
import { kindOf } from '../problems/kind-of.js'
import { findModule, suggestModule } from '../tasks/callee.js'
import { varsLayer } from '../variables/variables.js'
import type { Level } from './keyword.js'
import { asTexts, conditions } from './scalars.js'
import { tagsIn } from './tag-templates.js'

export const withWhen = (context: Context, entry: Entry): Context => ({
  ...context,
  when: [...context.when, ...conditions(context.into, entry)],
})

export const withTags = (context: Context, entry: Entry): Context => {
  const tags = asTexts(context.into, entry, 'write a tag, or a list of tags').flatMap(({ text, source }) =>
    tagsIn(context, text, source),
  )
  for (const tag of tags) context.into.load.tags.add(tag)
  return { ...context, tags: [...new Set([...context.tags, ...tags])] }
}

export const withEnvironment = (context: Context, { key, value, source }: Entry): Context => {
  const list = Array.isArray(value) ? value : value === null ? [] : [value]
  const exprs = list.flatMap((one): readonly Expr[] => {
    if (isDict(one) || (typeof one === 'string' && one.includes('{{'))) return [context.into.tree(one, source)]
    if (one === '') return []
    context.into.problems.add(
      `'${key}' must be a dict, not ${kindOf(one)}`,
      source,
      "write 'NAME: value' lines under it",
    )
    return []
  })
  return { ...context, environment: [...context.environment, ...exprs] }
}

export const withVars = (context: Context, entry: Entry, level: Level): Context => {
  const layer = varsLayer(context.into, entry, level === 'task' ? rank.taskVars : rank.blockVars, `${level} vars`)
  return { ...context, vars: [...context.vars, layer] }
}

export const withDefaults = (context: Context, { value, source }: Entry): Context => {
  const defaults = new Map<string, Dict>(context.moduleDefaults)
  if (!isDict(value)) {
    context.into.problems.add(
      `'module_defaults' must be a dict, not ${kindOf(value)}`,
      source,
      "write 'module: {parameter: value}' lines under it",
    )
    return context
  }
  for (const { key, value: one, source: at, keySource } of entriesOf(value, source)) {
    const slip = findModule(context.into.load, key) === undefined ? suggestModule(context.into.load, key) : undefined
    if (slip !== undefined) context.into.problems.warn(`module_defaults: there is no module '${key}'`, keySource, slip)
    if (key.startsWith('group/'))
      context.into.problems.warn(`module_defaults for ${key} are not used`, at, 'name the modules')
    else if (isDict(one)) defaults.set(key.split('.').at(-1) ?? key, one)
    else
      context.into.problems.add(
        `the defaults of '${key}' must be a dict, not ${kindOf(one)}`,
        at,
        "write 'parameter: value' lines under it",
      )
  }
  return { ...context, moduleDefaults: defaults }
}

export const withNotify = (context: Context, entry: Entry): Context => {
  const names = asTexts(context.into, entry, "write a handler's name, or a list of names")
  return { ...context, notify: names.map(({ text, source }) => context.into.template(text, source)) }
}
