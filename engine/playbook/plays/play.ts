import { copySources } from '../../config/yaml/source-map.js'
import type { Expr } from '../../core/expr.js'
import { optional } from '../../core/omit-undefined.js'
import type { Source } from '../../core/source.js'
import type { Play, Step } from '../../core/step.js'
import type { Dict } from '../../core/value.js'
import { rank } from '../../core/vars.js'
import type { Compiler } from '../compiler.js'
import type { Context } from '../context.js'
import { type Entry, entriesOf, entryOf } from '../entry.js'
import { applyKeywords } from '../keywords/keywords.js'
import { asText, scalarExpr } from '../keywords/scalars.js'
import { checkNotifications } from '../problems/notifications.js'
import { PossibleEnd } from '../problems/possible-end.js'
import { flatSteps } from '../roles/yaml-role-files.js'
import { baseStep } from '../tasks/base-step.js'
import { findModule } from '../tasks/callee.js'
import { compileCall } from '../tasks/module-call.js'
import { varsLayer } from '../variables/variables.js'
import { readVarsFiles } from '../variables/vars-files.js'
import {
  checkPlayKeywords,
  flagOf,
  hostsOf,
  isForNobody,
  oneOf,
  orders,
  serialOf,
  strategies,
} from './play-keywords.js'
import { promptsOf } from './prompts.js'
import { bodyOf } from './sections.js'

/** One play. `outer` carries what `import_playbook` hands down. */
export const compilePlay = async (compiler: Compiler, outer: Context, dict: Dict, source: Source): Promise<Play> => {
  const into = outer.into.forPlay()
  into.load.noLogParts.note(dict, outer.inherited.noLog)
  const entries = entriesOf(dict, source)
  checkPlayKeywords(into, entries)
  const at = (key: string) => entryOf(dict, key, source)
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

/** The parameters for gathering facts: those of `module_defaults`, and the play's own. */
const gatheringOf = (context: Context, dict: Dict, source: Source): Expr | undefined => {
  const setup = findModule(context.into.load, 'setup')
  if (setup === undefined) return undefined
  const own = new Map([...dict].filter(([key]) => key === 'gather_subset'))
  copySources(dict, own)
  const params = { key: 'gather_subset', value: own, source, keySource: source }
  return compileCall(context, setup, params, undefined).expr
}

const handlersOf = async (compiler: Compiler, context: Context, list: Entry): Promise<readonly Step[]> =>
  flatSteps(context.into, await compiler.nodes({ ...context, handlers: true }, list))

/** A role that is used twice has its handlers once, with what was given to it last, as in Ansible. */
const lastOfEachName = (handlers: readonly Step[]): readonly Step[] => {
  const key = ({ name, origin }: Step) => `${origin.role?.path} ${name?.text}`
  const last = new Map(handlers.map(step => [key(step), step]))
  return handlers.filter(step => step.name === undefined || last.get(key(step)) === step)
}
