import type { Failure } from '../../core/failure.js'
import type { Step } from '../../core/step.js'
import type { RunContext } from '../context.js'
import type { Host } from '../host.js'
import type { Turn } from '../schedule/wait-turn.js'
import type { Ready } from '../step/evaluate.js'
import { looksAtCluster, seenBy } from '../step/observe.js'
import type { Result } from '../step/result.js'
import { flag, textOf } from '../variables/conditions.js'
import type { VariableScope } from '../variables/scope.js'
import type { Writes } from './path-overlap.js'
import { bringing, named, type PendingStep } from './pending.js'
/** Remembers what the step would change, or may, for what comes after it. `check_mode: true` of its own never changes anything. */
export const notePending = async ({ run, host, step, name }: Turn, ready: Ready, result: Result): Promise<void> => {
  if (ready.checkMode && step.checkMode !== undefined) return
  const certain = result.status === 'would-change' || result.pending === true
  if (!certain && result.status !== 'unknown') return
  const writes = writesOf(ready, await seenBy(ready).catch(() => undefined))
  if (writes?.length === 0) return
  const { module, params } = ready
  const text = result.changes.map(change => module.edits?.after(change)).find(one => one !== undefined)
  note(run, host, ready.machine.place, { name: name.name, writes, parts: module.parts?.(params), text, certain })
}

/**
 * The same of a step of which not even the parameters are known.
 * @param scope where who executes it may be told
 */
export const noteUnknown = (run: RunContext, host: Host, step: Step, name: string, scope: VariableScope): void => {
  const declared = run.input.modules.get(step.module)?.writes
  const onlyLooks = Array.isArray(declared) && declared.length === 0
  if (onlyLooks || run.controls.has(step.module) || flag(step.checkMode, scope)) return
  note(run, host, executing(run, host, step, scope), { name, writes: undefined, certain: false })
}

/** The same of what stands for steps that are not known: an include, a role. */
export const noteAnything = (run: RunContext, host: Host, name: string): void =>
  note(run, host, run.machine(host.name).place, { name, writes: undefined, certain: false })

const executing = (run: RunContext, host: Host, step: Step, scope: VariableScope): string => {
  try {
    const delegate = textOf(step.delegateTo, scope)
    return run.machine(typeof delegate === 'string' ? delegate : host.name).place
  } catch {
    // It hangs on the item of a loop of which nothing is known.
    return run.machine(host.name).place
  }
}

/** The name of what may make the user first whom nobody can become today. */
export const makesUser = (run: RunContext, host: Host, failure: Failure): string | undefined =>
  run.input.check && failure.kind === 'unreachable' && failure.code === 'no-user'
    ? (bringing(run.pending.all([run.machine(host.name).place]), accountFiles) ?? named(run.pending.all())?.name)
    : undefined

/** Whoever makes a user writes it here, by itself or by the programs of shadow-utils. */
const accountFiles = ['/etc/passwd']

const writesOf = ({ module, params }: Ready, seen: unknown): Writes =>
  typeof module.writes === 'function' ? module.writes(params, seen) : module.writes

/** What may change anything may reach this host from another machine (rsync), or make it (virt-install). */
const note = (run: RunContext, host: Host, place: string, step: PendingStep): void => {
  run.pending.note(place, step)
  const own = run.machine(host.name).place
  if (own !== place) run.pending.note(own, step.writes === undefined ? step : { ...step, writes: [] })
}

/** Whether anything would have changed before: on this host, or anywhere where the step looks at the cluster. */
export const isPending = (turn: Turn, ready: Ready): boolean => pendingFor(turn, ready).length > 0

/**
 * The name of the step that brings what is missing before this one's turn.
 * @param at where it would be, as far as that is known
 */
export const broughtBy = (turn: Turn, ready: Ready, at?: readonly string[]): string | undefined =>
  bringing(pendingFor(turn, ready), at)

const pendingFor = ({ run, host }: Turn, ready: Ready): readonly PendingStep[] => {
  const near = run.pending.all(new Set([run.machine(host.name).place, ready.machine.place]))
  return near.length === 0 && looksAtCluster(ready) ? run.pending.all() : near
}

/** In a dry run: the name of an earlier step that may make what was looked at another thing than it is today. */
export const overtakenBy = ({ run }: Turn, ready: Ready, seen: unknown): string | undefined => {
  const look = isForeseen(run, ready) ? ready.module.looks?.(ready.params, seen) : undefined
  return look === undefined ? undefined : run.pending.over(ready.machine.place, look)
}

/** What is seen once the earlier steps have run, where they edit the file that the step edits; undefined where that is not known. */
export const seenAfter = ({ run }: Turn, { module, machine, checkMode }: Ready, seen: unknown): unknown => {
  if (!run.input.check || !checkMode || module.edits === undefined) return undefined
  const text = run.pending.textAt(machine.place, module.edits.path(seen))
  return text === undefined ? undefined : module.edits.over(seen, text)
}

/** The same for a step that has nothing to do today: what it would write is as wanted, and may be undone before its turn. */
export const undoneBy = (turn: Turn, ready: Ready, seen: unknown): string | undefined =>
  writtenBefore(turn, ready, seen, path => (ready.module.clears?.(ready.params) === true ? path : bare(path)))

/** The same for a step that has something to do today: it may be done by then, or there may be something else to do. */
export const doneBy = (turn: Turn, ready: Ready, seen: unknown): string | undefined =>
  ready.moduleKind === 'state' ? writtenBefore(turn, ready, seen, bare) : undefined

const bare = (path: string): string => path.replace(/(?<=.)\/$/, '')

/** The same for a step that refuses to write because of what is there. */
export const clearedBy = (turn: Turn, ready: Ready, seen: unknown): string | undefined =>
  writtenBefore(turn, ready, seen, path => path)

/** Whether a dry run's answer is another by what is pending: then it counts only when all that may be pending before it is known. */
export const hangsOnPending = (run: RunContext, ready: Ready): boolean => {
  const { writes } = ready.module
  const mayBeUndone = typeof writes === 'function' || (writes !== undefined && writes.length > 0)
  return isForeseen(run, ready) || (run.input.check && ready.checkMode && mayBeUndone)
}

const writtenBefore = (
  { run }: Turn,
  ready: Ready,
  seen: unknown,
  asked: (path: string) => string,
): string | undefined => {
  const { machine, module, params, checkMode } = ready
  const at = run.input.check && checkMode ? writesOf(ready, seen)?.map(asked) : undefined
  return at === undefined ? undefined : run.pending.over(machine.place, { at, absent: false }, module.parts?.(params))
}

/** Whether the answer is to be that of the real run. `check_mode: false` asks for today's. */
export const isForeseen = ({ input }: RunContext, { module, checkMode }: Ready): boolean =>
  input.check && checkMode && module.looks !== undefined
