import { didYouMean } from '../../config/did-you-mean.js'
import { copySources } from '../../config/yaml/source-map.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import { type Expr, noScope } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import { optional } from '../../core/omit-undefined.js'
import type { Source } from '../../core/source.js'
import type { Node, Play, Step, Strategy } from '../../core/step.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { rank } from '../../core/vars.js'
import { patternText } from '../../inventory/pattern-text.js'
import { isTemplate } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import { applyKeywords, keyword, keywordNames } from '../keywords/keywords.js'
import { NoNumber, readSerial } from '../keywords/number-keywords.js'
import { asText, asTexts, type Entry, entriesOf, entry, scalarExpr } from '../keywords/scalars.js'
import { kindOf } from '../problems/kind-of.js'
import { checkNotifications } from '../problems/notifications.js'
import { PossibleEnd } from '../problems/possible-end.js'
import { roleEntry } from '../roles/role-use.js'
import { flatSteps } from '../roles/yaml-role-files.js'
import { baseStep } from '../tasks/base-step.js'
import { findModule } from '../tasks/callee.js'
import { compileCall } from '../tasks/module-call.js'
import { staticValue, varsLayer } from '../variables/variables.js'
import { readVarsFiles } from '../variables/vars-files.js'

/** One play. `outer` carries what `import_playbook` hands down. */
export const compilePlay = async (compiler: Compiler, outer: Context, dict: Dict, source: Source): Promise<Play> => {
  const into = outer.into.forPlay()
  into.load.noLogParts.note(dict, outer.inherited.noLog)
  const entries = entriesOf(dict, source)
  judgeKeywords(into, entries)
  const at = (key: string) => entry(dict, key, source)
  const own = dict.has('vars') ? [varsLayer(into, at('vars'), rank.playVars, 'play vars')] : []
  const prompts = promptsOf(into, dict, source)
  const known: Context = { ...outer, into, possibleEnd: new PossibleEnd(), playVars: [...own, ...outer.playVars] }
  const files = await readVarsFiles(known, at('vars_files'))
  const playVars = [...known.playVars, ...files.layers]
  const context = applyKeywords(
    { ...known, playVars, id: `${outer.id}${source.file}:${source.line}>` },
    entries.filter(({ key }) => key !== 'vars' && key !== 'name'),
    'play',
  )
  const hosts = hostsOf(into, dict, source)
  const within = { ...context, guarded: context.guarded || isForNobody(into, hosts) }
  const sections = await bodyOf(compiler, within, dict, source)
  const handlers = await handlersOf(compiler, within, at('handlers'))
  checkNotifications(into.notifications, into.problems)
  const flag = (key: string, otherwise: boolean) => flagOf(context, dict, key, source, otherwise)
  return {
    name: dict.has('name') ? (asText(into, at('name')) ?? '') : (hosts.text ?? 'play'),
    source,
    hosts,
    order: oneOf(context, dict, 'order', orders, 'inventory', source),
    strategy: oneOf(context, dict, 'strategy', strategies, 'linear', source),
    gatherFacts: flag('gather_facts', true),
    ...optional('gathering', gatheringOf(context, dict, source)),
    serial: serialOf(into, dict, source),
    ...optional(
      'maxFailPercentage',
      dict.has('max_fail_percentage') ? scalarExpr(into, at('max_fail_percentage'), 'number') : undefined,
    ),
    ...optional('anyErrorsFatal', context.inherited.anyErrorsFatal),
    forceHandlers: flag('force_handlers', false),
    vars: [...into.layers, ...playVars],
    varsFiles: files.later,
    prompts,
    body: sections,
    roles: into.roles,
    handlers: [...lastOfEachName(into.handlers), ...handlers],
    origin: context.origin,
    inherits: baseStep(context, source),
  }
}

/** The parameters of the step that looks at the hosts: those of `module_defaults`, and the play's own. */
const gatheringOf = (context: Context, dict: Dict, source: Source): Expr | undefined => {
  const setup = findModule(context.into.load, 'setup')
  if (setup === undefined) return undefined
  const own = new Map([...dict].filter(([key]) => key === 'gather_subset'))
  copySources(dict, own)
  const given = { key: 'gather_subset', value: own, source, keySource: source }
  return compileCall(context, setup, given, undefined).expr
}

const judgeKeywords = (into: Compilation, entries: readonly Entry[]): void => {
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

const hostsOf = (into: Compilation, dict: Dict, source: Source): Expr => {
  const given = entry(dict, 'hosts', source)
  if (!dict.has('hosts')) {
    into.problems.add("a play without 'hosts'", source, "add 'hosts: all', or a group")
    return into.template('', source)
  }
  const texts = asTexts(into, given, 'write a pattern: a group, a host, all')
  if (texts.length === 0 || texts.every(({ text }) => text.trim() === '')) {
    into.problems.add("'hosts' is empty", given.source, "name a group or host, or 'all'")
  }
  const text = texts.map(one => one.text).join(',')
  return { ...into.template(text, texts[0]?.source ?? given.source), text, source: texts[0]?.source ?? given.source }
}

/** A pattern that is none is somebody else's finding. */
const isForNobody = ({ load }: Compilation, hosts: Expr): boolean => {
  const select = load.options.hostsOf
  if (select === undefined || !hosts.constant) return false
  try {
    return select(patternText(hosts.evaluate(noScope))).length === 0
  } catch (error) {
    if (error instanceof ConfigError) return false
    throw error
  }
}

/** pre_tasks, then roles and tasks, then post_tasks; handlers run after each part. */
const bodyOf = async (compiler: Compiler, context: Context, dict: Dict, source: Source): Promise<readonly Node[]> => {
  const list = (key: string) => compiler.nodes(context, entry(dict, key, source))
  const before = await list('pre_tasks')
  const main = [...(await rolesOf(compiler, context, dict, source)), ...(await list('tasks'))]
  const after = await list('post_tasks')
  return [before, main, after].flatMap((nodes, index) =>
    nodes.length === 0 ? [] : [...nodes, flush(context, source, index)],
  )
}

const rolesOf = async (compiler: Compiler, context: Context, dict: Dict, source: Source): Promise<readonly Node[]> => {
  const given = entry(dict, 'roles', source)
  if (given.value === null) return []
  if (!Array.isArray(given.value)) {
    context.into.problems.add(
      `'roles' must be a list, not ${kindOf(given.value)}`,
      given.source,
      "write '- NAME' lines under it",
    )
    return []
  }
  const nodes: Node[] = []
  for (const index of given.value.keys()) {
    const call = roleEntry(context.into, given.value, index, given.source)
    if (call !== undefined) nodes.push(...(await compiler.role(context, call, { once: 'play', public: true })))
  }
  return nodes
}

const flush = (context: Context, source: Source, index: number): Step => {
  const params = new Map<string, Value>([['action', 'flush_handlers']])
  return {
    ...baseStep(context, source),
    id: `${context.id}flush-${index}`,
    when: [],
    module: 'meta',
    params: { names: [], constant: true, evaluate: () => params },
    tags: ['always'],
  }
}

const handlersOf = async (compiler: Compiler, context: Context, given: Entry): Promise<readonly Step[]> =>
  flatSteps(context.into, await compiler.nodes({ ...context, handlers: true }, given))

/** A role that is used twice has its handlers once, with what was given to it last, as in Ansible. */
const lastOfEachName = (handlers: readonly Step[]): readonly Step[] => {
  const key = ({ name, origin }: Step) => `${origin.role?.path} ${name?.text}`
  const last = new Map(handlers.map(step => [key(step), step]))
  return handlers.filter(step => step.name === undefined || last.get(key(step)) === step)
}

const serialOf = (into: Compilation, dict: Dict, source: Source): readonly Expr[] => {
  const { value, source: at } = entry(dict, 'serial', source)
  const list = Array.isArray(value) ? value : value === null ? [] : [value]
  return list.flatMap((one, index) => {
    const place = Array.isArray(value) ? (sourceOf(value, index) ?? at) : at
    if (typeof one === 'string' && isTemplate(one)) return [into.tree(one, place)]
    const size = readSerial(one)
    if (!(size instanceof NoNumber)) return [into.tree(size, place)]
    into.problems.add(size.message, place, size.hint)
    return []
  })
}

const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const
const strategies: readonly Strategy[] = ['linear', 'free', 'host_pinned']

const oneOf = <T extends string>(
  context: Context,
  dict: Dict,
  key: string,
  allowed: readonly T[],
  otherwise: T,
  source: Source,
): T => {
  const given = entry(dict, key, source)
  if (given.value === null) return otherwise
  const text = staticText(context, given)
  const found = allowed.find(one => one === text?.replace(/^ansible\.builtin\./, ''))
  if (found !== undefined) return found
  context.into.problems.add(
    `'${key}' is ${kindOf(given.value)}`,
    given.source,
    didYouMean(String(text), allowed) ?? `choose one of ${allowed.join(', ')}`,
  )
  return otherwise
}

const flagOf = (context: Context, dict: Dict, key: string, source: Source, otherwise: boolean): boolean => {
  const given = entry(dict, key, source)
  const expr = scalarExpr(context.into, given, 'flag')
  if (expr === undefined) return otherwise
  const value = staticValue(context, expr)
  if (typeof value === 'boolean') return value
  if (typeof value === 'string' && /^(?:true|yes|on|false|no|off)$/i.test(value))
    return /^(?:true|yes|on)$/i.test(value)
  context.into.problems.add(
    `'${key}' cannot be told before any host is known`,
    given.source,
    'use variables of the play or of the command line, or write true or false',
  )
  return otherwise
}

const staticText = (context: Context, { value, source }: Entry): string | undefined => {
  if (typeof value !== 'string') return undefined
  const told = value.includes('{{') ? staticValue(context, context.into.template(value, source)) : value
  return typeof told === 'string' ? told : undefined
}

const promptKeys = ['name', 'prompt', 'private', 'default', 'confirm', 'encrypt', 'salt', 'salt_size', 'unsafe']

const promptsOf = (into: Compilation, dict: Dict, source: Source): Play['prompts'] => {
  const { value: given, source: at } = entry(dict, 'vars_prompt', source)
  if (given === null) return []
  const value = isDict(given) ? [given] : given
  if (!Array.isArray(value)) {
    into.problems.add(
      `'vars_prompt' must be a list, not ${kindOf(given)}`,
      at,
      "write '- name: …' with 'prompt: …' under it",
    )
    return []
  }
  return value.flatMap((one, index) => {
    const place = sourceOf(value, index) ?? at
    const name = isDict(one) ? one.get('name') : undefined
    if (!isDict(one) || typeof name !== 'string') {
      into.problems.add("an entry of 'vars_prompt' needs a name", place, "write '- name: …' with 'prompt: …' under it")
      return []
    }
    for (const { key, keySource } of entriesOf(one, place)) {
      if (!promptKeys.includes(key))
        into.problems.add(
          `unknown key '${key}' of vars_prompt`,
          keySource,
          didYouMean(key, promptKeys) ?? `known are ${promptKeys.join(', ')}`,
        )
      else if (['confirm', 'encrypt', 'salt', 'salt_size'].includes(key))
        into.problems.warn(
          `'${key}' of vars_prompt has no effect`,
          keySource,
          'remove it; the filter password_hash encrypts',
        )
    }
    into.load.names.add(name)
    const otherwise = one.get('default')
    return [
      {
        name,
        prompt: String(one.get('prompt') ?? name),
        private: one.get('private') !== false,
        ...(otherwise === undefined || otherwise === null ? {} : { default: String(otherwise) }),
      },
    ]
  })
}
