import assert from 'node:assert/strict'
import { posix } from 'node:path'
import fc from 'fast-check'
import type { Test } from 'tap'
import type { StepEnded } from '../../../engine/core/event.js'
import type { Look } from '../../../engine/core/module.js'
import { mayDiffer, type Writes } from '../../../engine/run/dry-run/path-overlap.js'
import { foreignIn } from './foreign.js'
import { Model } from './model.js'
import { difference, snapshot, type Touched } from './snapshot.js'
import { carryOut, type Outcome, type Task } from './steps.js'
import { type Entry, place } from './world.js'

/** A host as it is, and what is asked of it. */
export interface Situation {
  readonly world: readonly Entry[]
  /** Shell text that brings what no file is. */
  readonly before?: string
  readonly tasks: readonly Task[]
  /** Ansible's semantics have it change each time: a time that is to be now. */
  readonly repeats?: boolean
}

/** How often each law is tried, and from where: more and other situations are looked for with these two in the environment. */
const runs = Number(process.env['TKPLAY_LAW_RUNS'] ?? 5)
const seed = Number(process.env['TKPLAY_LAW_SEED'] ?? 20_261)

/** Situations of each module that has a model, by its name. */
export type Family = { readonly [module: string]: fc.Arbitrary<Situation> }

const withRoot = process.getuid?.() === 0 ? {} : { skip: 'a model of a host takes root' }

/** A test for each module. What fast-check prints of a failure has the seed, and the smallest situation that fails. */
export const holdFor = async (t: Test, family: Family): Promise<void> => {
  t.setTimeout(600_000)
  for (const [module, situations] of Object.entries(family)) {
    await t.test(`${module}: the laws of state modules hold`, withRoot, () =>
      fc.assert(fc.asyncProperty(situations, holds), { numRuns: runs, seed }),
    )
  }
}

/**
 * - A dry run touches nothing, and says of each task what the run then says: ok, changed, failed, and how many changes. It may not know.
 * - Whatever there is, its answer is understood.
 * - What a run touches is what the tasks said that they write. Other people's lines in a file that is edited stay as they are.
 * - A second run finds nothing to do, and touches nothing.
 */
const holds = async (situation: Situation): Promise<void> => {
  const { world, before, tasks, repeats } = situation
  const model = await Model.start()
  try {
    place(model, world)
    if (before !== undefined) await model.shell(before)
    const start = snapshot(model)
    const foreign = foreignIn(model, world)
    const dry = await carryOut(model, tasks, true)
    assert.deepEqual(difference(start, snapshot(model)), [], 'a dry run touches nothing')
    const run = await carryOut(model, tasks, false)
    for (const done of [...dry.steps, ...run.steps]) assert.ok(isAnswer(done), `nothing was seen: ${why(done)}`)
    agree(dry, run)
    const end = snapshot(model)
    assert.deepEqual(foreignIn(model, world), foreign, 'what is other people’s stays as it is')
    // Where a first task makes it another place, the second one is looked at anew in a run.
    if (tasks.length === 1) declared(difference(start, end), world, dry, run)
    if (run.steps.some(isFailed) || repeats === true || tasks.length > 1) return
    const again = await carryOut(model, tasks, false)
    assert.deepEqual(
      again.steps.map(told),
      again.steps.map(() => 'ok, 0 changes'),
      'a second run has nothing to do',
    )
    assert.deepEqual(difference(end, snapshot(model)), [], 'a second run touches nothing')
  } finally {
    await model.stop()
  }
}

const agree = (dry: Outcome, run: Outcome): void => {
  const certain = dry.steps.findIndex(({ status }) => status === 'unknown')
  for (const [index, said] of dry.steps.entries()) {
    const done = run.steps[index]
    if (said.status === 'unknown' || isOvertaken(dry, index)) continue
    assert.ok(done !== undefined || certain !== -1, `the run does not come to ${said.step.name}`)
    if (done !== undefined)
      assert.equal(
        asDry(told(done)),
        told(said),
        `the dry run said of ${said.step.name}: ${told(said)}; the run: ${why(done)}`,
      )
  }
}

/** It would change what an earlier task changes too: a run may find that done, or in the way. */
const isOvertaken = ({ steps, writes }: Outcome, index: number): boolean => {
  const own = writes.get(index)
  return (
    steps[index]?.status === 'would-change' &&
    steps
      .slice(0, index)
      .some(
        ({ status }, before) =>
          (status === 'would-change' || status === 'unknown') &&
          (own === undefined || mayDiffer({ at: own, absent: false }, writes.get(before))),
      )
  )
}

const declared = (touched: readonly Touched[], world: readonly Entry[], dry: Outcome, run: Outcome): void => {
  const writes = run.steps.flatMap(({ status }, index): readonly Writes[] =>
    status === 'changed' || status === 'failed' ? [dry.writes.get(index) ?? run.writes.get(index)] : [],
  )
  const besides = touched.filter(
    ({ path, was }) =>
      !namesOf(path, world).some(name => writes.some(one => one === undefined || mayDiffer(lookedAt(name, was), one))),
  )
  assert.deepEqual(
    besides.filter(({ path }) => !backup.test(path)),
    [],
    `declared is ${JSON.stringify(writes)}`,
  )
}

/** A link in the middle of a path is not foreseen: what is reached over one counts as declared by that name. */
const namesOf = (path: string, world: readonly Entry[]): readonly string[] => [
  path,
  ...world.flatMap(entry => {
    if (entry.kind !== 'link') return []
    const target = posix.resolve(posix.dirname(entry.path), entry.to)
    return path.startsWith(`${target}/`) ? [entry.path + path.slice(target.length)] : []
  }),
]

/** As a look asks for it: what is not there may come with a folder above. */
const lookedAt = (path: string, was: string | undefined): Look =>
  was === undefined ? { at: [`${path}/`], absent: true } : { at: [path], absent: false }

/** A backup has the time in its name: nobody asks for it before. */
const backup = /\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d(?:\.\d+)?~$/

const told = ({ status, changes, notIdempotent }: StepEnded): string =>
  `${status}, ${changes.length} changes${notIdempotent === true ? ', not idempotent' : ''}`

const asDry = (said: string): string => said.replace(/^changed/, 'would-change').replace(', not idempotent', '')

const why = (done: StepEnded): string => `${told(done)}${done.failure === undefined ? '' : `: ${shown(done.failure)}`}`

const shown = (value: unknown): string =>
  JSON.stringify(value, (_, one) =>
    one?.type === 'Buffer'
      ? Buffer.from(one.data).toString()
      : one instanceof Uint8Array
        ? Buffer.from(one).toString()
        : one,
  )

/** Whatever is there, the module reads it, and understands what it reads. */
const isAnswer = ({ failure }: StepEnded): boolean =>
  !['not-observed', 'timeout', 'bug'].includes(failure?.failure.kind ?? '')

const isFailed = ({ status }: StepEnded): boolean => status === 'failed'
