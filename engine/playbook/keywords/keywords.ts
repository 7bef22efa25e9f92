import { didYouMean } from '../../config/did-you-mean.js'
import { becomeMethod, connectionKind } from '../../core/connection-options.js'
import { isTemplate } from '../../template/index.js'
import type { Context, Inherited } from '../context.js'
import type { Entry } from '../entry.js'
import { withDefaults, withEnvironment, withNotify, withTags, withVars, withWhen } from './effects.js'
import type { Keyword, Level } from './keyword.js'
import { type Scalar, scalarExpr } from './scalars.js'

const everywhere: readonly Level[] = ['play', 'role', 'block', 'task']
const below: readonly Level[] = ['role', 'block', 'task']

/** A keyword with one value, of which the innermost counts. */
const inherited = (name: string, field: keyof Inherited, type: Scalar, on: readonly Level[], doc: string): Keyword => ({
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

/** The value has to be one of a few words; what a template gives is checked when it is used. */
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

  inherited('ignore_errors', 'ignoreErrors', 'flag', everywhere, 'A failure does not end the play for the host.'),
  inherited('ignore_unreachable', 'ignoreUnreachable', 'flag', everywhere, 'Nor does a lost connection.'),
  inherited('any_errors_fatal', 'anyErrorsFatal', 'flag', everywhere, 'A failure ends the play for all hosts.'),
  inherited('no_log', 'noLog', 'flag', everywhere, 'Parameters and results are not shown.'),
  inherited('check_mode', 'checkMode', 'flag', everywhere, 'Always, or never, a dry run.'),
  inherited('diff', 'diff', 'flag', everywhere, 'Show what changes in files.'),
  inherited('throttle', 'throttle', 'number', everywhere, 'How many hosts are at the step at once.'),
  inherited(
    'timeout',
    'timeout',
    'number',
    everywhere,
    'Seconds; what runs longer is ended, on the host too. A daemon that it started lives on.',
  ),
  offered(
    inherited('connection', 'connection', 'text', everywhere, 'ssh or local.'),
    word => connectionKind(word) !== undefined,
    ['ssh', 'local'],
  ),
  inherited('remote_user', 'remoteUser', 'text', everywhere, 'The user to log in as.'),
  inherited('user', 'remoteUser', 'text', ['play'], 'Another word for `remote_user`.'),
  inherited('run_once', 'runOnce', 'flag', everywhere, 'On the first host for which `when` holds.'),
  inherited('delegate_to', 'delegateTo', 'text', below, 'The host that does it instead.'),
  inherited('delegate_facts', 'delegateFacts', 'flag', below, 'Facts belong to that host.'),

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
