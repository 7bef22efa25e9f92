import type { RunEnded } from '../core/event.js'
import { constant } from '../core/expr.js'
import { ConfigError } from '../core/failure.js'
import type { Node, Play, Step } from '../core/step.js'
import { controlNames } from './control.js'
import { failureOf } from './failures.js'
import { Gate } from './gate.js'
import { Host } from './host.js'
import { hostLoop } from './host-loop.js'
import type { RunInput } from './input.js'
import { type Path, theEnd } from './path.js'
import { exitCodeOf, recapOf } from './recap.js'
import { RunState } from './run-state.js'
import { Slot, Slots } from './slots.js'
import { batchesOf, batchSize, gatherFactsId, type PlayState, type Stage } from './stage.js'
import { checkStart } from './start-at.js'
import { Timeline } from './timeline.js'
import { Variables } from './variables.js'

/**
 * Runs plays on hosts: every host walks its own timeline, and the gate keeps their effects in order.
 * @throws ConfigError before the first connection, for what the user wrote
 */
export const run = async (input: RunInput): Promise<RunEnded> => {
  const from = performance.now()
  if (input.startAt !== undefined) checkStart(input.plays, input.startAt)
  const states = input.plays.map((play, index) => playState(input, play, index))
  const names = [...new Set(states.flatMap(({ batches }) => batches.flat()))]
  const timelines = new Map(names.map(name => [name, new Timeline(stagesOf(states, name))]))
  const gate = new Gate(new Map(names.map((name): [string, Path] => [name, timelines.get(name)?.position() ?? theEnd])))
  const state = new RunState(input, gate, controlNames)
  const slots = new Slots(input.forks)
  for (const [name, timeline] of timelines) {
    const host = new Host(name, timeline, new Slot(slots))
    state.hosts.set(name, host)
    state.variables.know(host)
  }
  link(states, state)

  state.emit({ kind: 'run-started', playbooks: input.playbooks, hosts: names, check: input.check })
  const bugs: unknown[] = []
  await Promise.all(
    [...state.hosts.values()].map(host =>
      hostLoop(state, host).catch((error: unknown) => {
        bugs.push(error)
        host.status = 'failed'
        host.counts.failed++
        state.emit({ kind: 'host-failed', host: host.name, failure: { failure: failureOf(error) } })
      }),
    ),
  )
  await state.close()

  const recaps = Object.fromEntries(
    [...state.hosts].map(([name, host]) => [name, recapOf(host, state.roundTrips(name))]),
  )
  const exitCode = exitCodeOf(Object.values(recaps), {
    interrupted: input.stopping.aborted,
    check: input.check,
    bug: bugs.length > 0 || state.sawBug,
  })
  const ended: RunEnded = {
    kind: 'run-ended',
    check: input.check,
    hosts: recaps,
    exitCode,
    ms: performance.now() - from,
  }
  state.emit(ended)
  if (!input.stopping.aborted && exitCode === 0) state.startAt?.check()
  return ended
}

/** A play's hosts and batches. They are known before the first connection: patterns and sizes see extra vars only. */
const playState = (input: RunInput, play: Play, index: number): PlayState => {
  const scope = new Variables(input).scope('localhost')
  const pattern = play.hosts.evaluate(scope)
  const text = Array.isArray(pattern) ? pattern.map(String).join(',') : String(pattern)
  const limit = input.limit === undefined ? undefined : new Set(input.hosts.select(input.limit))
  const hosts = ordered(play, input.hosts.select(text)).filter(name => limit?.has(name) ?? true)
  const sizes = play.serial.map(expr => {
    const size = expr.evaluate(scope)
    if (typeof size === 'number' || typeof size === 'string') return batchSize(size, hosts.length)
    throw new ConfigError({ message: 'serial is a number, a percentage, or a list of them', source: play.source })
  })
  return { play, index, batches: batchesOf(hosts, sizes), failed: new Set(), announced: new Set() }
}

const ordered = (play: Play, hosts: readonly string[]): readonly string[] => {
  switch (play.order) {
    case 'inventory':
      return hosts
    case 'reverse_inventory':
      return hosts.toReversed()
    case 'sorted':
      return hosts.toSorted()
    case 'reverse_sorted':
      return hosts.toSorted().reverse()
    case 'shuffle':
      return hosts
        .map(name => [Math.random(), name] as const)
        .sort(([a], [b]) => a - b)
        .map(([, name]) => name)
  }
}

const live = new WeakMap<PlayState, () => readonly string[]>()

/** Who is still in a play can be told only once its hosts are there. */
const link = (states: readonly PlayState[], run: RunState): void => {
  for (const state of states)
    live.set(state, () => state.batches.flat().filter(name => run.hosts.get(name)?.status === 'live'))
}

const stagesOf = (states: readonly PlayState[], host: string): readonly Stage[] =>
  states.flatMap(state => {
    const batch = state.batches.findIndex(names => names.includes(host))
    if (batch === -1) return []
    const stage: Stage = {
      state,
      batch,
      path: [state.index, batch],
      nodes: nodesOf(state.play),
      hosts: {
        play: state.play,
        all: state.batches.flat(),
        live: () => live.get(state)?.() ?? [],
        batch: () => state.batches[batch] ?? [],
      },
      roleHandlers: [],
    }
    return [stage]
  })

const nodesOf = (play: Play): readonly Node[] => (play.gatherFacts ? [gatherFacts(play), ...play.body] : play.body)

const gatherFacts = (play: Play): Step => ({
  ...play.inherits,
  id: gatherFactsId(play),
  name: constant('Gathering facts'),
  module: 'setup',
  params: constant({}),
  tags: ['always'],
})
