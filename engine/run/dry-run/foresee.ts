import type { Failure } from '../../core/failure.js'
import type { Step } from '../../core/step.js'
import type { RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import type { EvaluatedStep } from '../step/evaluate.js'
import { readsCluster, seenBy } from '../step/observe.js'
import type { Result } from '../step/result.js'
import { flag, textOf } from '../variables/conditions.js'
import type { VariableScope } from '../variables/scope.js'
import type { Writes } from './path-overlap.js'
import { bringing, named, type PendingStep } from './pending.js'
/** Records what a step would change, or may change. A task with its own `check_mode: true` never changes anything. */
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

/** The same for a step whose parameters are not known. */
export const noteUnknown = (context: StepContext): void => {
  const { run, host, step, name } = context
  const scope = context.scope()
  const declared = run.input.modules.get(step.module)?.writes
  const onlyLooks = Array.isArray(declared) && declared.length === 0
  if (onlyLooks || run.controls.has(step.module) || flag(step.checkMode, scope)) return
  note(run, host, executing(run, host, step, scope), { name: name.name, writes: undefined, certain: false })
}

/** The same for steps that are not known: those of an include or a role. */
export const noteAnything = ({ run, host, name }: StepContext): void =>
  note(run, host, run.machines.get(host.name).id, { name: name.name, writes: undefined, certain: false })

const executing = (run: RunContext, host: Host, step: Step, scope: VariableScope): string => {
  try {
    const delegate = textOf(step.delegateTo, scope)
    return run.machines.get(typeof delegate === 'string' ? delegate : host.name).id
  } catch {
    // The delegate depends on the item of a loop whose items are unknown.
    return run.machines.get(host.name).id
  }
}

/** The name of the pending step that may create the become user, which does not exist today. */
export const makesUser = ({ run, host }: StepContext, failure: Failure): string | undefined =>
  run.input.check && failure.kind === 'unreachable' && failure.code === 'no-user'
    ? (bringing(run.pending.all([run.machines.get(host.name).id]), accountFiles) ?? named(run.pending.all())?.name)
    : undefined

/** Every way to create a user writes this file. */
const accountFiles = ['/etc/passwd']

const writesOf = ({ module, params }: EvaluatedStep, seen: unknown): Writes =>
  typeof module.writes === 'function' ? module.writes(params, seen) : module.writes

/**
 * A step that may change anything is also noted for its own host: from another machine it may copy files there (rsync),
 * or create the host (virt-install).
 */
const note = (run: RunContext, host: Host, machineId: string, step: PendingStep): void => {
  run.pending.note(machineId, step)
  const own = run.machines.get(host.name).id
  if (own !== machineId) run.pending.note(own, step.writes === undefined ? step : { ...step, writes: [] })
}

/** Whether a step is pending on this host, or on any host where the step reads the cluster. */
export const isPending = (context: StepContext, evaluated: EvaluatedStep): boolean =>
  pendingFor(context, evaluated).length > 0

/**
 * The name of the pending step that brings what is missing.
 * @param at the paths where it would be, if they are known
 */
export const broughtBy = (context: StepContext, evaluated: EvaluatedStep, at?: readonly string[]): string | undefined =>
  bringing(pendingFor(context, evaluated), at)

const pendingFor = ({ run, host }: StepContext, evaluated: EvaluatedStep): readonly PendingStep[] => {
  const near = run.pending.all(new Set([run.machines.get(host.name).id, evaluated.machine.id]))
  return near.length === 0 && readsCluster(evaluated) ? run.pending.all() : near
}

/** Dry run: the name of a pending step that may change what the step read. */
export const overtakenBy = ({ run }: StepContext, evaluated: EvaluatedStep, seen: unknown): string | undefined => {
  const look = isForeseen(run, evaluated) ? evaluated.module.looks?.(evaluated.params, seen) : undefined
  return look === undefined ? undefined : run.pending.over(evaluated.machine.id, look)
}

/** What the probe will see after the pending edits of the same file; undefined where that is not known. */
export const seenAfter = (
  { run }: StepContext,
  { module, machine, checkMode }: EvaluatedStep,
  seen: unknown,
): unknown => {
  if (!run.input.check || !checkMode || module.edits === undefined) return undefined
  const text = run.pending.textAt(machine.id, module.edits.path(seen))
  return text === undefined ? undefined : module.edits.over(seen, text)
}

/** The name of a pending step that may undo what is as wanted today. */
export const undoneBy = (context: StepContext, evaluated: EvaluatedStep, seen: unknown): string | undefined =>
  writtenBefore(context, evaluated, seen, path =>
    evaluated.module.clears?.(evaluated.params) === true ? path : bare(path),
  )

/** The name of a pending step that may already do what this step would do. */
export const doneBy = (context: StepContext, evaluated: EvaluatedStep, seen: unknown): string | undefined =>
  evaluated.moduleKind === 'state' ? writtenBefore(context, evaluated, seen, bare) : undefined

const bare = (path: string): string => path.replace(/(?<=.)\/$/, '')

/** The name of a pending step that may remove the reason of a refusal. */
export const clearedBy = (context: StepContext, evaluated: EvaluatedStep, seen: unknown): string | undefined =>
  writtenBefore(context, evaluated, seen, path => path)

/**
 * Whether pending steps may change a dry run's result: then the result counts only when all steps before it are known.
 */
export const dependsOnPending = (run: RunContext, evaluated: EvaluatedStep): boolean => {
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

/** Whether the dry run is to predict the step's result. With `check_mode: false` it uses today's state. */
export const isForeseen = ({ input }: RunContext, { module, checkMode }: EvaluatedStep): boolean =>
  input.check && checkMode && module.looks !== undefined
