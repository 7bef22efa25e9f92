import type { Failure } from '../../core/failure.js'
import type { Step } from '../../core/step.js'
import type { RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import type { EvaluatedStep } from '../step/evaluate.js'
import { looksAtCluster, seenBy } from '../step/observe.js'
import type { Result } from '../step/result.js'
import { flag, textOf } from '../variables/conditions.js'
import type { VariableScope } from '../variables/scope.js'
import type { Writes } from './path-overlap.js'
import { bringing, named, type PendingStep } from './pending.js'
/** Remembers what the step would change, or may, for what comes after it. `check_mode: true` of its own never changes anything. */
export const notePending = async (
  { run, host, step, name }: StepContext,
  evaluated: EvaluatedStep,
  result: Result,
): Promise<void> => {
  if (evaluated.checkMode && step.checkMode !== undefined) return
  const certain = result.status === 'would-change' || result.pending === true
  if (!certain && result.status !== 'unknown') return
  const writes = writesOf(evaluated, await seenBy(evaluated).catch(() => undefined))
  if (writes?.length === 0) return
  const { module, params } = evaluated
  const text = result.changes.map(change => module.edits?.after(change)).find(one => one !== undefined)
  note(run, host, evaluated.machine.id, { name: name.name, writes, parts: module.parts?.(params), text, certain })
}

/** The same of a step of which not even the parameters are known. */
export const noteUnknown = (context: StepContext): void => {
  const { run, host, step, name } = context
  const scope = context.scope()
  const declared = run.input.modules.get(step.module)?.writes
  const onlyLooks = Array.isArray(declared) && declared.length === 0
  if (onlyLooks || run.controls.has(step.module) || flag(step.checkMode, scope)) return
  note(run, host, executing(run, host, step, scope), { name: name.name, writes: undefined, certain: false })
}

/** The same of what stands for steps that are not known: an include, a role. */
export const noteAnything = ({ run, host, name }: StepContext): void =>
  note(run, host, run.machines.get(host.name).id, { name: name.name, writes: undefined, certain: false })

const executing = (run: RunContext, host: Host, step: Step, scope: VariableScope): string => {
  try {
    const delegate = textOf(step.delegateTo, scope)
    return run.machines.get(typeof delegate === 'string' ? delegate : host.name).id
  } catch {
    // It hangs on the item of a loop of which nothing is known.
    return run.machines.get(host.name).id
  }
}

/** The name of what may make the user first whom nobody can become today. */
export const makesUser = ({ run, host }: StepContext, failure: Failure): string | undefined =>
  run.input.check && failure.kind === 'unreachable' && failure.code === 'no-user'
    ? (bringing(run.pending.all([run.machines.get(host.name).id]), accountFiles) ?? named(run.pending.all())?.name)
    : undefined

/** Whoever makes a user writes it here, by itself or by the programs of shadow-utils. */
const accountFiles = ['/etc/passwd']

const writesOf = ({ module, params }: EvaluatedStep, seen: unknown): Writes =>
  typeof module.writes === 'function' ? module.writes(params, seen) : module.writes

/** What may change anything may reach this host from another machine (rsync), or make it (virt-install). */
const note = (run: RunContext, host: Host, machineId: string, step: PendingStep): void => {
  run.pending.note(machineId, step)
  const own = run.machines.get(host.name).id
  if (own !== machineId) run.pending.note(own, step.writes === undefined ? step : { ...step, writes: [] })
}

/** Whether anything would have changed before: on this host, or anywhere where the step looks at the cluster. */
export const isPending = (context: StepContext, evaluated: EvaluatedStep): boolean =>
  pendingFor(context, evaluated).length > 0

/**
 * The name of the step that brings what is missing before this one's turn.
 * @param at where it would be, as far as that is known
 */
export const broughtBy = (context: StepContext, evaluated: EvaluatedStep, at?: readonly string[]): string | undefined =>
  bringing(pendingFor(context, evaluated), at)

const pendingFor = ({ run, host }: StepContext, evaluated: EvaluatedStep): readonly PendingStep[] => {
  const near = run.pending.all(new Set([run.machines.get(host.name).id, evaluated.machine.id]))
  return near.length === 0 && looksAtCluster(evaluated) ? run.pending.all() : near
}

/** In a dry run: the name of an earlier step that may make what was looked at another thing than it is today. */
export const overtakenBy = ({ run }: StepContext, evaluated: EvaluatedStep, seen: unknown): string | undefined => {
  const look = isForeseen(run, evaluated) ? evaluated.module.looks?.(evaluated.params, seen) : undefined
  return look === undefined ? undefined : run.pending.over(evaluated.machine.id, look)
}

/** What is seen once the earlier steps have run, where they edit the file that the step edits; undefined where that is not known. */
export const seenAfter = (
  { run }: StepContext,
  { module, machine, checkMode }: EvaluatedStep,
  seen: unknown,
): unknown => {
  if (!run.input.check || !checkMode || module.edits === undefined) return undefined
  const text = run.pending.textAt(machine.id, module.edits.path(seen))
  return text === undefined ? undefined : module.edits.over(seen, text)
}

/** The same for a step that has nothing to do today: what it would write is as wanted, and may be undone before its turn. */
export const undoneBy = (context: StepContext, evaluated: EvaluatedStep, seen: unknown): string | undefined =>
  writtenBefore(context, evaluated, seen, path =>
    evaluated.module.clears?.(evaluated.params) === true ? path : bare(path),
  )

/** The same for a step that has something to do today: it may be done by then, or there may be something else to do. */
export const doneBy = (context: StepContext, evaluated: EvaluatedStep, seen: unknown): string | undefined =>
  evaluated.moduleKind === 'state' ? writtenBefore(context, evaluated, seen, bare) : undefined

const bare = (path: string): string => path.replace(/(?<=.)\/$/, '')

/** The same for a step that refuses to write because of what is there. */
export const clearedBy = (context: StepContext, evaluated: EvaluatedStep, seen: unknown): string | undefined =>
  writtenBefore(context, evaluated, seen, path => path)

/** Whether a dry run's answer is another by what is pending: then it counts only when all that may be pending before it is known. */
export const hangsOnPending = (run: RunContext, evaluated: EvaluatedStep): boolean => {
  const { writes } = evaluated.module
  const mayBeUndone = typeof writes === 'function' || (writes !== undefined && writes.length > 0)
  return isForeseen(run, evaluated) || (run.input.check && evaluated.checkMode && mayBeUndone)
}

const writtenBefore = (
  { run }: StepContext,
  evaluated: EvaluatedStep,
  seen: unknown,
  asked: (path: string) => string,
): string | undefined => {
  const { machine, module, params, checkMode } = evaluated
  const at = run.input.check && checkMode ? writesOf(evaluated, seen)?.map(asked) : undefined
  return at === undefined ? undefined : run.pending.over(machine.id, { at, absent: false }, module.parts?.(params))
}

/** Whether the answer is to be that of the real run. `check_mode: false` asks for today's. */
export const isForeseen = ({ input }: RunContext, { module, checkMode }: EvaluatedStep): boolean =>
  input.check && checkMode && module.looks !== undefined
