import { didYouMean } from '../../config/did-you-mean.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import { type Expr, noScope } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import type { Source } from '../../core/source.js'
import type { Strategy } from '../../core/step.js'
import type { Dict } from '../../core/value.js'
import { patternText } from '../../inventory/pattern-text.js'
import { isTemplate } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import type { Context } from '../context.js'
import { type Entry, entryOf } from '../entry.js'
import { keyword, keywordNames } from '../keywords/keywords.js'
import { NoNumber, readSerial } from '../keywords/number-keywords.js'
import { asTexts, scalarExpr } from '../keywords/scalars.js'
import { kindOf } from '../problems/kind-of.js'
import { staticValue } from '../variables/variables.js'

/** A problem for each key that is no keyword of a play. */
export const checkPlayKeywords = (into: Compilation, entries: readonly Entry[]): void => {
  for (const { key, keySource } of entries) {
    const known = keyword(key)
    if (known?.on.includes('play') === true) continue
    if (known !== undefined) {
      into.problems.add(
        `'${key}' belongs to a ${known.on.join(', ')}, not to a play`,
        keySource,
        known.on.includes('task') ? "put it on a task, under 'tasks:'" : `put it on a ${known.on[0]}`,
      )
    } else {
      const near = didYouMean(key, [...keywordNames('play'), 'import_playbook'])
      const otherwise = 'a play has hosts, vars, roles, tasks, handlers, …; a module belongs to a task'
      into.problems.add(`unknown keyword '${key}' of a play`, keySource, near ?? otherwise)
    }
  }
}

/** The pattern of `hosts`. */
export const hostsOf = (into: Compilation, dict: Dict, source: Source): Expr => {
  const entry = entryOf(dict, 'hosts', source)
  if (!dict.has('hosts')) {
    into.problems.add("a play without 'hosts'", source, "add 'hosts: all', or a group")
    return into.template('', source)
  }
  const texts = asTexts(into, entry, 'write a pattern: a group, a host, all')
  if (texts.length === 0 || texts.every(({ text }) => text.trim() === '')) {
    into.problems.add("'hosts' is empty", entry.source, "name a group or host, or 'all'")
  }
  const text = texts.map(one => one.text).join(',')
  return { ...into.template(text, texts[0]?.source ?? entry.source), text, source: texts[0]?.source ?? entry.source }
}

/** Whether this run has no host in the play. A wrong pattern is reported where hosts are selected. */
export const isForNobody = ({ load }: Compilation, hosts: Expr): boolean => {
  const select = load.options.hostsOf
  if (select === undefined || !hosts.constant) return false
  try {
    return select(patternText(hosts.evaluate(noScope))).length === 0
  } catch (error) {
    if (error instanceof ConfigError) return false
    throw error
  }
}

/** Sizes of batches. */
export const serialOf = (into: Compilation, dict: Dict, source: Source): readonly Expr[] => {
  const { value, source: whole } = entryOf(dict, 'serial', source)
  const list = Array.isArray(value) ? value : value === null ? [] : [value]
  return list.flatMap((one, index) => {
    const at = Array.isArray(value) ? (sourceOf(value, index) ?? whole) : whole
    if (typeof one === 'string' && isTemplate(one)) return [into.tree(one, at)]
    const size = readSerial(one)
    if (!(size instanceof NoNumber)) return [into.tree(size, at)]
    into.problems.add(size.message, at, size.hint)
    return []
  })
}

export const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const
export const strategies: readonly Strategy[] = ['linear', 'free', 'host_pinned']

/** A keyword whose value is one of a few words. */
export const oneOf = <T extends string>(
  context: Context,
  dict: Dict,
  key: string,
  allowed: readonly T[],
  otherwise: T,
  source: Source,
): T => {
  const entry = entryOf(dict, key, source)
  if (entry.value === null) return otherwise
  const text = staticText(context, entry)
  const found = allowed.find(one => one === text?.replace(/^ansible\.builtin\./, ''))
  if (found !== undefined) return found
  context.into.problems.add(
    `'${key}' is ${kindOf(entry.value)}`,
    entry.source,
    didYouMean(String(text), allowed) ?? `choose one of ${allowed.join(', ')}`,
  )
  return otherwise
}

/** A keyword that is true or false, which has to be known before any host is. */
export const flagOf = (context: Context, dict: Dict, key: string, source: Source, otherwise: boolean): boolean => {
  const entry = entryOf(dict, key, source)
  const expr = scalarExpr(context.into, entry, 'flag')
  if (expr === undefined) return otherwise
  const value = staticValue(context, expr)
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' && /^(?:true|yes|on|false|no|off)$/i.test(value))
    return /^(?:true|yes|on)$/i.test(value)
  context.into.problems.add(
    `'${key}' cannot be told before any host is known`,
    entry.source,
    'use variables of the play or of the command line, or write true or false',
  )
  return otherwise
}

const staticText = (context: Context, { value, source }: Entry): string | undefined => {
  if (typeof value !== 'string') return undefined
  const told = value.includes('{{') ? staticValue(context, context.into.template(value, source)) : value
  return typeof told === 'string' ? told : undefined
}
