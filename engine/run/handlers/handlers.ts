import { resolve } from 'node:path'
import { ExpressionError, noScope, type Scope } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { findUnknown, isDict } from '../../core/value.js'
import type { RunContext, StepContext } from '../context.js'
import { noteUnknown } from '../dry-run/foresee.js'
import type { Host } from '../host.js'
import type { Stage } from '../timeline/play-run.js'
import { textOf } from '../variables/conditions.js'
import type { Note } from './journal-scripts.js'
import type { Meant } from './pending-handlers.js'

/** The action of a `meta` step. */
export const metaAction = (step: Step): string => {
  const params = step.params.evaluate(noScope)
  const word = isDict(params) ? (params.get('action') ?? params.get('_raw_params') ?? params.get('free_form')) : params
  return String(word ?? '')
}

/**
 * Every handler of the play if `meta: flush_handlers` is to run any of them, because a handler may notify a later one;
 * handlers that are not pending when reached are skipped. 'end' for a `meta` that ends the play, host or role.
 */
export const handlersToRun = ({ run, host, stage, step }: StepContext): readonly Step[] | 'end' => {
  const action = metaAction(step)
  if (action.startsWith('end_')) return 'end'
  return action === 'flush_handlers' ? handlersIfPending(run, host, stage) : []
}

/** Every handler of the play if at least one is pending, else none. */
export const handlersIfPending = (run: RunContext, host: Host, stage: Stage): readonly Step[] => {
  const all = handlersOf(stage)
  const meant = meantIn(run, host, stage)
  return all.some(handler => host.handlers.isPending(handler, meant)) ? all : []
}

export const handlersOf = (stage: Stage): readonly Step[] => [...stage.state.play.handlers, ...stage.roleHandlers]

/** The handlers that a host's notifications mean in this play. Each name is resolved once. */
export const meantIn = (run: RunContext, host: Host, stage: Stage): Meant => {
  const known = new Map<string, readonly Step[]>()
  return names => {
    const asked = [...names].filter(name => !known.has(name))
    if (asked.length === 0) return known
    const found = resolveNames(run, host, stage, new Set(asked))
    for (const name of asked) known.set(name, found.get(name) ?? [])
    return known
  }
}

/** The names that notify a handler: its name, also with its role's before it, and its topics. */
const namesOf = (run: RunContext, host: Host, stage: Stage, handler: Step): readonly string[] => [
  ...ownNames(run, host, stage, handler),
  ...(handler.listen ?? []),
]

/** Whether the play has the handler of a recovered notification, as far as is known by now. */
export const hasHandler = (run: RunContext, host: Host, stage: Stage, note: Note): boolean => {
  try {
    const meant = resolveNames(run, host, stage, new Set([note.name])).get(note.name) ?? []
    return meant.length > 0 && ownerOf(stage, meant) === note.owner
  } catch {
    // A handler's name cannot be rendered yet.
    return false
  }
}

/** Notifications as the journal stores them. */
export const notesOf = (run: RunContext, host: Host, stage: Stage, names: readonly string[]): readonly Note[] => {
  const known = resolveNames(run, host, stage, new Set(names))
  return names.map(name => ({ name, owner: ownerOf(stage, known.get(name) ?? []) }))
}

/** The owner of handlers: `role NAME`, wherever the role is used, or else the playbook. */
const ownerOf = (stage: Stage, handlers: readonly Step[]): string => {
  const roles = new Set(handlers.map(({ origin }) => origin.role?.name))
  const [role] = roles
  return roles.size === 1 && role !== undefined ? `role ${role}` : playbookOf(stage)
}

/** The playbook's file name with its folder, which is the same on every machine with the project. */
const playbookOf = ({ state }: Stage): string => resolve(state.play.source.file).split('/').slice(-2).join('/')

const ownNames = (run: RunContext, host: Host, stage: Stage, handler: Step): readonly string[] => {
  const scope = handler.name?.constant === true ? noScope : variablesAt(run, host, stage, handler)
  const name = textOf(handler.name, scope)
  if (typeof name !== 'string') return []
  const role = handler.origin.role?.name
  return role === undefined ? [name] : [name, `${role} : ${name}`]
}

const variablesAt = (run: RunContext, host: Host, stage: Stage, step: Step): Scope =>
  run.variables.scope(host.name, { play: stage.hosts, step })

/**
 * The handlers by notification. A flush resolves names for each handler, so the result is cached, except where names
 * contain variables.
 */
const resolveNames = (
  run: RunContext,
  host: Host,
  stage: Stage,
  notified: ReadonlySet<string>,
): ReadonlyMap<string, readonly Step[]> => {
  const steps = handlersOf(stage)
  const find = (asked: readonly string[]): ReadonlyMap<string, readonly Step[]> => {
    const all = steps.map(step => ({ step, own: ownNames(run, host, stage, step) }))
    return new Map(asked.map(name => [name, meantBy(name, all)]))
  }
  const isFixed = steps.every(({ name }) => name === undefined || name.constant)
  return isFixed ? stage.meant(notified, find) : find([...notified])
}

interface Named {
  readonly step: Step
  readonly own: readonly string[]
}

/**
 * As in Ansible: the handler with this name that was loaded last (within one list the first), and all handlers that
 * listen to it (of those with the same name the first).
 */
const meantBy = (name: string, all: readonly Named[]): readonly Step[] => {
  const called = all.filter(({ own }) => own.includes(name))
  const last = called.at(-1)
  const one = called.find(({ step }) => last !== undefined && listOf(step) === listOf(last.step))
  const listening = all.filter(({ step }) => step.listen?.includes(name) === true)
  const first = listening.filter(
    ({ own }, index) => own.length === 0 || listening.findIndex(other => other.own[0] === own[0]) === index,
  )
  return [...new Set([...(one === undefined ? [] : [one]), ...first].map(({ step }) => step))]
}

/** The `handlers:` list or role with which a handler was loaded; its id begins with that. */
const listOf = ({ id, source }: Step): string => id.slice(0, id.lastIndexOf(`${source.file}:${source.line}`))

/**
 * Dry run: handlers that are only perhaps notified are noted as pending steps where they would run.
 * @param certain whether the flush is certain; if not, also handlers that are certainly notified only perhaps run here
 */
export const expectHandlers = (context: StepContext, certain = true): void => {
  const { run, host, stage } = context
  const meant = meantIn(run, host, stage)
  for (const handler of handlersOf(stage)) {
    const isNotified = host.handlers.isNotified(handler, meant)
    if (isNotified ? !certain : host.handlers.isPerhapsNotified(handler, meant)) noteUnknown(context.at(handler))
  }
  if (certain) host.handlers.forgetPerhaps()
}

/** Whether to skip a handler because it is not pending. Steps that a handler includes are not skipped. */
export const isSkippedHandler = ({ run, host, stage, step }: StepContext): boolean =>
  handlersOf(stage).includes(step) && !host.handlers.isPending(step, meantIn(run, host, stage))

/**
 * The names that a step notifies.
 * @throws ExpressionError where the play has no such handler
 */
export const notifiedBy = (context: StepContext): readonly string[] => {
  const { run, host, stage, step } = context
  if (step.notify.length === 0 || changesNothing(step)) return []
  const scope = context.scope()
  const wanted = step.notify.flatMap(expr => {
    const value = expr.evaluate(scope)
    if (findUnknown(value) !== undefined) return []
    return Array.isArray(value) ? value.map(String) : [String(value)]
  })
  if (wanted.length === 0) return wanted
  const known = handlersOf(stage).flatMap(handler => namesOf(run, host, stage, handler))
  for (const name of wanted) {
    if (known.includes(name) || stage.hidesHandlers) continue
    throw new ExpressionError(
      `no handler is called '${name}'`,
      step.source,
      `the play has: ${known.join(', ') || 'none'}`,
    )
  }
  return wanted
}

const changesNothing = ({ changedWhen = [] }: Step): boolean =>
  changedWhen.some(one => one.constant && one.evaluate(noScope) === false)
