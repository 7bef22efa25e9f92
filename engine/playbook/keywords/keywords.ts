import { didYouMean } from '../../config/did-you-mean.js'
import { sourceOf } from '../../config/yaml/yaml.js'
import { becomeMethod, connectionKind } from '../../core/connection-options.js'
import type { Expr } from '../../core/expr.js'
import { type Dict, isDict, type Value } from '../../core/value.js'
import { rank } from '../../core/vars.js'
import { isTemplate } from '../../template/index.js'
import type { Compilation } from '../compilation.js'
import type { Context, Inherited } from '../context.js'
import { kindOf } from '../problems/kind-of.js'
import { findModule, suggestModule } from '../tasks/callee.js'
import { varsLayer } from '../variables/variables.js'
import { asTexts, type Entry, entriesOf, type Scalar, scalarExpr } from './scalars.js'
import { tagsIn } from './tag-templates.js'

export type Level = 'play' | 'role' | 'block' | 'task'

/** One keyword: where it may stand, and how it changes what is inside. Without `apply` the part it belongs to reads it. */
export interface Keyword {
  readonly name: string
  readonly on: readonly Level[]
  readonly doc: string
  readonly apply?: (context: Context, entry: Entry, level: Level) => Context
  /** Ansible's, and not offered: what to do instead. */
  readonly instead?: string
}

const everywhere: readonly Level[] = ['play', 'role', 'block', 'task']
const below: readonly Level[] = ['role', 'block', 'task']

/** A keyword that is one value and that the innermost decides. */
const handed = (name: string, field: keyof Inherited, type: Scalar, on: readonly Level[], doc: string): Keyword => ({
  name,
  on,
  doc,
  apply: (context, entry) => {
    const expr = scalarExpr(context.into, entry, type)
    return expr === undefined ? context : { ...context, inherited: { ...context.inherited, [field]: expr } }
  },
})

const become = (name: string, field: keyof Context['become'], type: Scalar, doc: string): Keyword => ({
  name,
  on: everywhere,
  doc,
  apply: (context, entry) => {
    const expr = scalarExpr(context.into, entry, type)
    return expr === undefined ? context : { ...context, become: { ...context.become, [field]: expr } }
  },
})

/** Of these words one is meant; what a template gives is judged when it is used. */
const offered = (keyword: Keyword, isOffered: (word: string) => boolean, words: readonly string[]): Keyword => ({
  ...keyword,
  apply: (context, entry, level) => {
    const { key, value, source } = entry
    if (typeof value === 'string' && !isTemplate(value) && !isOffered(value))
      context.into.problems.add(
        `${key} '${value}' is not offered`,
        source,
        didYouMean(value, words) ?? `use ${words.join(' or ')}`,
      )
    return keyword.apply?.(context, entry, level) ?? context
  },
})

const own = (name: string, on: Level, doc: string): Keyword => ({ name, on: [on], doc })

const notOffered = (name: string, on: readonly Level[], instead: string): Keyword => ({
  name,
  on,
  doc: 'Not offered.',
  instead,
})

const withWhen = (context: Context, entry: Entry): Context => ({
  ...context,
  when: [...context.when, ...conditions(context.into, entry)],
})

const withTags = (context: Context, entry: Entry): Context => {
  const tags = asTexts(context.into, entry, 'write a tag, or a list of tags').flatMap(({ text, source }) =>
    tagsIn(context, text, source),
  )
  for (const tag of tags) context.into.load.tags.add(tag)
  return { ...context, tags: [...new Set([...context.tags, ...tags])] }
}

const withEnvironment = (context: Context, { key, value, source }: Entry): Context => {
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

const withVars = (context: Context, entry: Entry, level: Level): Context => {
  const layer = varsLayer(context.into, entry, level === 'task' ? rank.taskVars : rank.blockVars, `${level} vars`)
  return { ...context, vars: [...context.vars, layer] }
}

const withDefaults = (context: Context, { value, source }: Entry): Context => {
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

const withNotify = (context: Context, entry: Entry): Context => {
  const names = asTexts(context.into, entry, "write a handler's name, or a list of names")
  return { ...context, notify: names.map(({ text, source }) => context.into.template(text, source)) }
}

/** when, changed_when, failed_when, until: one condition or a list, all of which must hold. */
export const conditions = (into: Compilation, { key, value, source }: Entry): readonly Expr[] => {
  const list: readonly Value[] = Array.isArray(value) ? value : value === null ? [] : [value]
  return list.flatMap((one, index) => {
    const at = Array.isArray(value) ? (sourceOf(value, index) ?? source) : source
    // As in Ansible, None is no condition.
    if (one === null) return []
    if (typeof one === 'string' || typeof one === 'boolean') return [into.condition(one, at)]
    into.problems.add(
      `'${key}' must be a condition, not ${kindOf(one)}`,
      at,
      "write an expression: ansible_os_family == 'Debian'",
    )
    return []
  })
}

/** Every keyword there is. */
export const keywords: readonly Keyword[] = [
  { name: 'name', on: everywhere, doc: 'What it is called in the output.' },
  { name: 'vars', on: everywhere, doc: 'Variables for what is inside.', apply: withVars },
  { name: 'tags', on: everywhere, doc: 'For --tags and --skip-tags; what is inside has them too.', apply: withTags },
  { name: 'when', on: below, doc: 'Conditions that must hold.', apply: withWhen },
  {
    name: 'environment',
    on: everywhere,
    doc: 'Environment variables for what runs on the host.',
    apply: withEnvironment,
  },
  { name: 'module_defaults', on: everywhere, doc: 'Parameters of modules for what is inside.', apply: withDefaults },
  {
    name: 'notify',
    on: ['block', 'task'],
    doc: 'Handlers to run when something changed; the innermost wins.',
    apply: withNotify,
  },

  become('become', 'become', 'flag', 'Whether to run as another user.'),
  become('become_user', 'user', 'text', 'As whom; root unless told.'),
  offered(become('become_method', 'method', 'text', 'sudo or su.'), word => becomeMethod(word) !== undefined, [
    'sudo',
    'su',
  ]),
  become('become_flags', 'flags', 'text', 'Further words for sudo or su.'),

  handed('ignore_errors', 'ignoreErrors', 'flag', everywhere, 'A failure does not end the play for the host.'),
  handed('ignore_unreachable', 'ignoreUnreachable', 'flag', everywhere, 'Nor does a lost connection.'),
  handed('any_errors_fatal', 'anyErrorsFatal', 'flag', everywhere, 'A failure ends the play for all hosts.'),
  handed('no_log', 'noLog', 'flag', everywhere, 'Parameters and results are not shown.'),
  handed('check_mode', 'checkMode', 'flag', everywhere, 'Always, or never, a dry run.'),
  handed('diff', 'diff', 'flag', everywhere, 'Show what changes in files.'),
  handed('throttle', 'throttle', 'number', everywhere, 'How many hosts are at the step at once.'),
  handed(
    'timeout',
    'timeout',
    'number',
    everywhere,
    'Seconds; what runs longer is ended, on the host too. A daemon that it started lives on.',
  ),
  offered(
    handed('connection', 'connection', 'text', everywhere, 'ssh or local.'),
    word => connectionKind(word) !== undefined,
    ['ssh', 'local'],
  ),
  handed('remote_user', 'remoteUser', 'text', everywhere, 'The user to log in as.'),
  handed('user', 'remoteUser', 'text', ['play'], 'Another word for `remote_user`.'),
  handed('run_once', 'runOnce', 'flag', everywhere, 'On the first host for which `when` holds.'),
  handed('delegate_to', 'delegateTo', 'text', below, 'The host that does it instead.'),
  handed('delegate_facts', 'delegateFacts', 'flag', below, 'Facts belong to that host.'),

  own('hosts', 'play', 'A host pattern.'),
  own('gather_facts', 'play', 'Whether to look at the hosts first; true unless told.'),
  own('gather_subset', 'play', 'Which facts, as of `setup`.'),
  own('serial', 'play', 'Hosts in one batch: a number, a percentage, or a list of them.'),
  own('strategy', 'play', 'linear, free or host_pinned.'),
  own('order', 'play', 'The order of the hosts.'),
  own('max_fail_percentage', 'play', 'Above it the play ends for all.'),
  own('force_handlers', 'play', 'Handlers run on failed hosts too.'),
  own('vars_files', 'play', 'Files of variables.'),
  own('vars_prompt', 'play', 'Variables to ask for.'),
  own('pre_tasks', 'play', 'Tasks before the roles.'),
  own('roles', 'play', 'Roles.'),
  own('tasks', 'play', 'Tasks.'),
  own('post_tasks', 'play', 'Tasks after these.'),
  own('handlers', 'play', 'Tasks that run when notified.'),

  own('block', 'block', 'Tasks.'),
  own('rescue', 'block', 'What to do when one of them failed.'),
  own('always', 'block', 'What to do in any case.'),

  own('args', 'task', "Further parameters of the task's module."),
  own('action', 'task', 'The module, as `action: copy src=a dest=b`.'),
  own('local_action', 'task', 'The same, on this machine.'),
  own('loop', 'task', 'A list; the task runs for each item.'),
  own('loop_control', 'task', 'loop_var, index_var, label, pause, extended.'),
  own('register', 'task', 'The variable that holds the result.'),
  own('until', 'task', 'Conditions for being done; tried again until they hold.'),
  own('retries', 'task', 'How often; 3 unless told.'),
  own('delay', 'task', 'Seconds between; 5 unless told.'),
  own('changed_when', 'task', 'When it counts as a change.'),
  own('failed_when', 'task', 'When it counts as a failure.'),
  own('listen', 'task', 'Handlers: further names.'),
  own('async', 'task', 'Seconds that it may take; it is waited for.'),
  own('poll', 'task', 'Any number above 0: the task is waited for; 0 is not offered yet.'),

  notOffered('collections', everywhere, 'remove it: modules are found under their short and their full names'),
  notOffered('debugger', everywhere, 'remove it; run with -vv and --start-at-task instead'),
  // Beside a role it is a parameter of the role.
  notOffered('port', ['play', 'block', 'task'], "set ansible_port among the hosts' variables"),
  notOffered('gather_timeout', ['play'], 'remove it: every read of facts has its own limit'),
  notOffered(
    'fact_path',
    ['play'],
    'remove it: local facts (/etc/ansible/facts.d) are not read; `slurp` a file of them',
  ),
]

const table = new Map(keywords.map(one => [one.name, one]))

export const keyword = (name: string): Keyword | undefined => table.get(name)

export const isTaskKeyword = (key: string): boolean =>
  key.startsWith('with_') || keyword(key)?.on.includes('task') === true

export const keywordNames = (level: Level): readonly string[] =>
  keywords.filter(one => one.on.includes(level) && one.instead === undefined).map(one => one.name)

/** What the keywords of a play, role, block or task hand down to what is inside. */
export const applyKeywords = (context: Context, entries: readonly Entry[], level: Level): Context => {
  let inner = context
  for (const entry of entries) {
    const known = table.get(entry.key)
    if (known === undefined || !known.on.includes(level)) continue
    if (known.instead !== undefined)
      context.into.problems.warn(`the keyword '${known.name}' has no effect`, entry.keySource, known.instead)
    else if (known.apply !== undefined) inner = known.apply(inner, entry, level)
  }
  return inner
}
