import type { Step } from '../core/step.js'
import type { Unknown } from '../core/value.js'
import { comparePaths, type Path } from './path.js'
import { spotOf } from './place.js'
import type { RunState } from './run-state.js'
import type { Stage } from './stage.js'
import type { StepResult } from './step-run.js'
import { Interrupted } from './turn.js'

/** A step that runs on one host for all of its batch: who comes, who runs it, and what came of it. */
export interface Meeting {
  /** Whether `when` holds on each host that has come. */
  readonly verdicts: Map<string, boolean | Unknown>
  runner: string | undefined
  result: StepResult | undefined
  /** What it ended by instead. */
  error: unknown
}

/** A host that has come to the step, and whether `when` holds there. */
interface Comer {
  readonly host: string
  readonly path: Path
  readonly holds: boolean | Unknown
}

/**
 * `run_once`: the first host of the batch for which `when` holds runs the step, all others wait and get its result.
 * @returns the result of the one who ran it; undefined where that one was kept from it
 * @throws for all what it threw there
 */
export const onceForAll = async (
  run: RunState,
  stage: Stage,
  step: Step,
  at: Comer,
  work: () => Promise<StepResult>,
  waiting: (wait: Promise<void>) => Promise<void>,
): Promise<{ readonly mine: boolean; readonly result: StepResult } | undefined> => {
  const meeting = come(run, step, at)
  const { batch } = stage.hosts
  const expected = (): readonly string[] =>
    batch.filter(name => meeting.verdicts.has(name) || mayCome(run, step, at.path, name))
  await waiting(
    run.gate.until(() => meeting.runner !== undefined || expected().every(name => meeting.verdicts.has(name))),
  )
  const came = batch.filter(name => meeting.verdicts.has(name))
  // Where it holds nowhere, one host skips it for all.
  meeting.runner ??= came.find(name => meeting.verdicts.get(name) === true) ?? came[0] ?? at.host
  if (meeting.runner === at.host) {
    try {
      meeting.result = await work()
    } catch (error) {
      if (!(error instanceof Interrupted)) meeting.error = error
      throw error
    } finally {
      run.gate.poke()
    }
    return { mine: true, result: meeting.result }
  }
  const { runner } = meeting
  await waiting(
    run.gate.until(
      () =>
        meeting.result !== undefined ||
        meeting.error !== undefined ||
        comparePaths(run.gate.position(runner), at.path) > 0,
    ),
  )
  if (meeting.error !== undefined) throw meeting.error
  return meeting.result === undefined ? undefined : { mine: false, result: meeting.result }
}

/** `meta: end_play`: what holds on the first host of the batch that comes there goes for all, as in Ansible. */
export const firstDecides = async (
  run: RunState,
  stage: Stage,
  step: Step,
  at: Comer,
  waiting: (wait: Promise<void>) => Promise<void>,
): Promise<boolean | Unknown> => {
  const { verdicts } = come(run, step, at)
  const { batch } = stage.hosts
  const first = (): string | undefined => batch.find(name => verdicts.has(name) || mayCome(run, step, at.path, name))
  await waiting(run.gate.until(() => verdicts.has(first() ?? at.host)))
  return verdicts.get(first() ?? at.host) ?? false
}

/** Whether the host stands before the step, or at it. Who is at another step in the same place never comes, and may wait for us. */
const mayCome = (run: RunState, step: Step, path: Path, name: string): boolean => {
  const behind = comparePaths(run.gate.position(name), path)
  const { standsAt = step.id } = run.hosts.get(name) ?? {}
  return behind < 0 || (behind === 0 && standsAt === step.id)
}

/** Notes that the host is there. */
const come = (run: RunState, step: Step, { host, path, holds }: Comer): Meeting => {
  const key = spotOf(path, step)
  const meeting: Meeting = run.onceOnly.get(key) ?? {
    verdicts: new Map(),
    runner: undefined,
    result: undefined,
    error: undefined,
  }
  run.onceOnly.set(key, meeting)
  meeting.verdicts.set(host, holds)
  run.gate.poke()
  return meeting
}
