import type { Failure } from '../core/failure.js'
import type { Step } from '../core/step.js'
import { findUnknown, isDict, toJson, Unknown, type Value } from '../core/value.js'
import { type Layer, rank } from '../core/vars.js'
import { Interrupted } from './attempt.js'
import { allHold, flag } from './conditions.js'
import { failureOf, reported } from './failures.js'
import { handlersOf, handlersToRun, metaAction, namesOf, notifiedBy } from './handlers.js'
import { forgetScript } from './hello.js'
import type { Host } from './host.js'
import { itemsOf } from './items.js'
import { factsAreIn } from './look-ahead.js'
import { onceForAll } from './once.js'
import type { Path } from './path.js'
import type { RunState } from './run-state.js'
import { dataLayer } from './scope.js'
import type { Stage } from './stage.js'
import { gatherFactsId } from './stage.js'
import { nameOf } from './step-name.js'
import { runStep, type StepResult } from './step-run.js'
import { loadVarsFiles } from './vars-files.js'

interface Place {
  readonly run: RunState
  readonly host: Host
  readonly stage: Stage
  readonly path: Path
  readonly handler: boolean
}

/** All that one host does in a run, to the end of its timeline or to its failure. Never rejects but for a bug. */
export const hostLoop = async (run: RunState, host: Host): Promise<void> => {
  await host.slot.take()
  try {
    for (;;) {
      const here = host.timeline.peek()
      if (here === undefined || host.status !== 'live') return
      const { stage, next } = here
      if (run.input.stopping.aborted) return stop(host, host.current === undefined ? 'before' : 'finished')
      if (stage.state.aborted) return
      if (next.kind === 'raise') {
        if (host.timeline.cursor.fail(next.failure) === 'lost') giveUp(run, host, stage)
        continue
      }
      const place: Place = { run, host, stage, path: next.path, handler: next.kind === 'step' && next.handler }
      run.gate.stand(host.name, next.path)
      announce(run, stage)
      await loadVarsFiles(run, host, stage)
      if (next.kind === 'role') await enterRole(place, next.use)
      else await step(place, next.step)
      if (host.forced.length > 0) await runForced(place)
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error
    if (run.input.stopping.aborted) stop(host, 'before')
  } finally {
    run.gate.leave(host.name)
    host.slot.give()
  }
}

/** force_handlers: what was notified runs although the host failed. */
const runForced = async (place: Place): Promise<void> => {
  const { forced } = place.host
  place.host.forced = []
  for (const handler of forced) await step({ ...place, handler: true }, handler)
}

const stop = (host: Host, how: 'before' | 'finished' | 'ended'): void => {
  host.stopped ??= { step: host.current?.name ?? 'the first step', how }
}

const announce = (run: RunState, stage: Stage): void => {
  const { state, batch } = stage
  if (state.announced.has(batch)) return
  state.announced.add(batch)
  const hosts = state.batches[batch] ?? []
  run.emit({ kind: 'play-started', play: state.play.name, hosts, ...(state.batches.length > 1 ? { batch } : {}) })
}

/** Asks a TypeScript role for its steps, once the facts of all hosts of the play are in. */
const enterRole = async (place: Place, use: Parameters<RunState['expand']>[0]): Promise<void> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  if (!factsAreIn(run, stage)) await host.slot.waiting(run.gate.until(() => factsAreIn(run, stage)))
  try {
    const expanded = run.expand(use, host, stage.hosts, {})
    if (expanded instanceof Unknown) throw new Error(`the role's parameters wait for ${expanded.waitsFor}`)
    adopt(stage, expanded.handlers)
    const errors = expanded.findings.filter(finding => finding.level === 'error')
    for (const { what, remedy, host: about } of expanded.findings.filter(finding => finding.level === 'warning')) {
      run.emit({ kind: 'warning', host: about ?? host.name, message: `${what}: ${remedy}` })
    }
    if (errors.length > 0) return fail(place, use.inherits, preflightFailure(errors))
    cursor.enter(expanded.body, { role: use.role.name })
  } catch (error) {
    fail(place, use.inherits, failureOf(error, use.inherits))
  }
}

/** Handlers that came with a role or an include. */
const adopt = (stage: Stage, handlers: readonly Step[]): void => {
  for (const handler of handlers) {
    if (!stage.roleHandlers.some(known => known.id === handler.id)) stage.roleHandlers.push(handler)
  }
}

const preflightFailure = (
  errors: readonly { readonly what: string; readonly remedy: string; readonly host?: string }[],
): Failure => ({
  kind: 'task-failed',
  message: errors
    .map(({ what, remedy, host }) => `${host === undefined ? '' : `${host}: `}${what}\n  → ${remedy}`)
    .join('\n'),
})

/** A failure outside any step's own run: the host's, told as such. */
const fail = ({ run, host, stage }: Place, step: Step, failure: Failure): void => {
  run.emit({ kind: 'host-failed', host: host.name, failure: reported(failure, step) })
  host.counts.failed++
  if (host.timeline.cursor.fail(failure) === 'lost') giveUp(run, host, stage)
}

const step = async (place: Place, one: Step): Promise<void> => {
  const { run, host, handler } = place
  const { cursor } = host.timeline
  if (!handler && !run.input.selects(one.tags)) return cursor.advance()
  if (!(await isStarted(place, one))) {
    if (one.module === 'include_tasks' || one.module === 'include_role') return include(place, one)
    return cursor.advance()
  }
  if (one.module === 'meta') return meta(place, one)
  if (one.module === 'include_tasks' || one.module === 'include_role') return include(place, one)
  const done = await settled(place, one)
  if (done === undefined) return cursor.advance()
  remember(place, one, done)
  if (handler) await handled(place, one)
  if (done.status === 'failed' || done.status === 'unreachable') return broken(place, one, done)
  cursor.advance()
}

/** --start-at-task: whether it was found, here or before. Facts are gathered all the same, as what follows needs them. */
const isStarted = async ({ run, host, stage, path, handler }: Place, one: Step): Promise<boolean> => {
  if (run.startAt === undefined || one.id === gatherFactsId(stage.state.play)) return true
  const { name } = nameOf(one, run.variables.scope(host.name, { play: stage.hosts, step: one }), handler)
  const role = one.origin.role?.name
  const names = role === undefined ? [name] : [name, name.slice(role.length + 3)]
  return host.slot.waiting(run.startAt.reached(path, names))
}

/** Runs the step here, or waits for the one host that runs it for all. */
const settled = async (place: Place, one: Step): Promise<StepResult | undefined> => {
  const { run, host, stage, path, handler } = place
  const scope = run.variables.scope(host.name, { play: stage.hosts, step: one })
  const order = stage.state.play.strategy === 'linear' ? path : stage.path
  const work = (): Promise<StepResult> => runStep({ run, host, stage, step: one, handler, order })
  if (one.runOnce === undefined || !flag(one.runOnce, scope)) return work()
  const { holds } = allHold(one.when, scope)
  const waiting = (wait: Promise<void>): Promise<void> => host.slot.waiting(wait)
  const shared = await onceForAll(run, stage, one, { host: host.name, path, holds: holds !== false }, work, waiting)
  if (shared === undefined) return undefined
  if (!shared.mine && shared.result.status !== 'failed' && shared.result.status !== 'unreachable') {
    if (one.register !== undefined) host.register(one.register, shared.result.value)
    shareFacts(one, host, shared.result.value)
    return undefined
  }
  return shared.mine ? shared.result : undefined
}

const shareFacts = (one: Step, host: Host, value: Value): void => {
  const facts = one.module === 'set_fact' && isDict(value) ? value.get('ansible_facts') : undefined
  if (isDict(facts)) for (const [name, fact] of facts) host.register(String(name), fact)
}

/** Counts, registers, learns facts, notes who is notified. */
const remember = (place: Place, one: Step, { status, value, result, name }: StepResult): void => {
  const { run, host, stage } = place
  count(host, status, result)
  if (one.register !== undefined) host.register(one.register, value)
  learn(place, one, value)
  // What may change is named by what would change it, not by what only waits in between.
  if (status === 'would-change' || (status === 'unknown' && host.pending === undefined)) host.pending = name.name
  if (status !== 'changed' && status !== 'would-change') return
  const scope = run.variables.scope(host.name, { play: stage.hosts, step: one })
  for (const handler of notifiedBy(run, host, stage, one, scope)) {
    host.notified.add(handler)
    run.emit({ kind: 'handler-notified', host: host.name, handler, by: name })
  }
}

const count = (
  host: Host,
  status: StepResult['status'],
  { notIdempotent, executedInCheck }: StepResult['result'],
): void => {
  const { counts } = host
  if (status === 'would-change') counts.wouldChange++
  else counts[status]++
  if (notIdempotent === true) counts.notIdempotent++
  if (executedInCheck === true) counts.executedInCheck++
}

/** Facts that a module brings (`setup`, `service_facts`) are the host's own from here on. */
const learn = ({ run, host }: Place, one: Step, value: Value): void => {
  const facts = isDict(value) ? value.get('ansible_facts') : undefined
  if (one.module === 'set_fact' || !isDict(facts) || findUnknown(facts) !== undefined) return
  const plain = toJson(facts) as { readonly [name: string]: ReturnType<typeof toJson> }
  const named = Object.entries(plain).map(([name, fact]) => [name.replace(/^ansible_/, ''), fact])
  run.learnFacts(host.name, { ...host.facts, ...Object.fromEntries(named) })
  run.gate.poke()
}

const broken = (place: Place, one: Step, { status, result, value }: StepResult): void => {
  const { run, host, stage } = place
  const failure: Failure = result.failure?.failure ?? { kind: 'task-failed', message: 'the task failed' }
  if (failure.kind === 'interrupted') stop(host, 'ended')
  if (status === 'unreachable') {
    host.status = 'unreachable'
    return lost(run, host, stage)
  }
  host.register('ansible_failed_result', value)
  host.register(
    'ansible_failed_task',
    new Map([
      ['name', one.name?.text ?? one.module],
      ['action', one.module],
    ]),
  )
  const scope = run.variables.scope(host.name, { play: stage.hosts, step: one })
  const fatal = flag(one.anyErrorsFatal, scope)
  const led = host.timeline.cursor.fail(failure)
  if (led === 'rescued') {
    host.counts.failed--
    host.counts.rescued++
  } else if (led === 'lost') {
    giveUp(run, host, stage)
    if (fatal) stage.state.aborted = true
  }
}

/** The host failed for good; with force_handlers what was notified runs first. */
const giveUp = (run: RunState, host: Host, stage: Stage): void => {
  if (host.status === 'failed') return
  const force = run.input.forceHandlers || stage.state.play.forceHandlers
  const handlers = force
    ? handlersOf(stage).filter(one => namesOf(run, host, stage, one).some(name => host.notified.has(name)))
    : []
  host.status = 'failed'
  if (handlers.length > 0) host.forced = handlers
  lost(run, host, stage)
}

const lost = (run: RunState, host: Host, stage: Stage): void => {
  const { state } = stage
  state.failed.add(host.name)
  const scope = run.variables.scope(host.name, { play: stage.hosts })
  const batch = state.batches[stage.batch] ?? []
  const failed = batch.filter(name => state.failed.has(name)).length
  const most = Number(state.play.maxFailPercentage?.evaluate(scope) ?? 100)
  if (failed === batch.length || (failed / batch.length) * 100 > most || flag(state.play.anyErrorsFatal, scope))
    state.aborted = true
}

/** A handler ran: it is not owed any more, here or to the next run. */
const handled = async ({ run, host, stage }: Place, one: Step): Promise<void> => {
  const names = namesOf(run, host, stage, one).filter(name => host.notified.has(name))
  const stillOwed = handlersOf(stage).filter(other => other.id !== one.id)
  const done = names.filter(
    name => !stillOwed.some(other => namesOf(run, host, stage, other).includes(name) && !host.handledIds.has(other.id)),
  )
  host.handledIds.add(one.id)
  for (const name of done) host.notified.delete(name)
  if (done.length === 0 || run.input.check) return
  const machine = run.machine(host.name)
  const scope = run.variables.scope(host.name, { play: stage.hosts, step: one })
  const become = one.become.become !== undefined && flag(one.become.become, scope)
  const channel = await machine.channel(become ? 'root' : 'login')
  await channel.run([{ sh: forgetScript(done) }])
}

const meta = async (place: Place, one: Step): Promise<void> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  const scope = run.variables.scope(host.name, { play: stage.hosts, step: one })
  if (allHold(one.when, scope).holds !== true) return cursor.advance()
  switch (metaAction(one)) {
    case 'flush_handlers': {
      const handlers = handlersToRun(run, host, stage, one)
      host.handledIds.clear()
      if (handlers === 'end' || handlers.length === 0) return cursor.advance()
      return cursor.enter(handlers, { handlers: true })
    }
    case 'end_play':
    case 'end_batch':
      return host.timeline.endPlay()
    case 'end_host':
      host.status = 'ended'
      return
    case 'end_role':
      if (!cursor.endRole()) cursor.advance()
      return
    case 'clear_facts':
      host.facts = undefined
      return cursor.advance()
    case 'reset_connection':
      await run.machine(host.name).drop()
      return cursor.advance()
    default:
      return cursor.advance()
  }
}

/** Tasks that are known only now: each item of a loop brings its own. */
const include = async (place: Place, one: Step): Promise<void> => {
  const { run, host, stage } = place
  const { cursor } = host.timeline
  const base = run.variables.scope(host.name, { play: stage.hosts, step: one })
  const name = nameOf(one, base, place.handler)
  try {
    const items = itemsOf(one, base)
    if (items instanceof Unknown) throw new UnknownInclude(items.waitsFor)
    const bodies = []
    for (const item of items ?? [undefined]) {
      const over: readonly Layer[] = item === undefined ? [] : [item.layer]
      const scope = run.variables.scope(host.name, { play: stage.hosts, step: one, over })
      const { holds } = allHold(one.when, scope)
      if (holds === false) continue
      if (holds instanceof Unknown) throw new UnknownInclude(holds.waitsFor)
      const params = one.params.evaluate(scope)
      const unknown = findUnknown(params)
      if (unknown !== undefined) throw new UnknownInclude(unknown.waitsFor)
      const dict = (isDict(params) ? params : new Map([['file', params]])) as ReadonlyMap<string, Value>
      const file = String(dict.get('file') ?? dict.get('_raw_params') ?? '')
      const layers = over.map(layer => ({ ...dataLayer(rank.includeParams, 'loop', []), bindings: layer.bindings }))
      bodies.push(
        ...(one.module === 'include_tasks'
          ? await run.input.loader.includeTasks(one, file, layers)
          : await run.input.loader.includeRole(one, dict, layers)),
      )
    }
    if (run.startAt?.isPast(place.path) !== false) host.counts.ok++
    adopt(stage, run.input.loader.handlersOf(bodies))
    cursor.enter(bodies)
  } catch (error) {
    if (error instanceof UnknownInclude && run.startAt?.isPast(place.path) !== false) {
      host.counts.unknown++
      host.pending = name.name
      run.emit({
        kind: 'step-ended',
        host: host.name,
        step: name,
        status: 'unknown',
        changes: [],
        waitsFor: error.message,
        ms: 0,
      })
      return cursor.advance()
    }
    // What only steps before the start would have made known is no failure of what is passed over.
    if (run.startAt?.isPast(place.path) === false) return cursor.advance()
    fail(place, one, failureOf(error, one))
  }
}

class UnknownInclude extends Error {}
