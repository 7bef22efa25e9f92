import type { RunEnded } from '../core/event.js'
import { constant, type Expr, type Scope } from '../core/expr.js'
import { ConfigError } from '../core/failure.js'
import { addTo } from '../core/grouped.js'
import type { Source } from '../core/source.js'
import type { Node, Play, Step } from '../core/step.js'
import { patternText } from '../inventory/pattern-text.js'
import { NoNumber, readSerial } from '../playbook/keywords/number-keywords.js'
import { omit } from '../template/index.js'
import { controlNames } from './control/index.js'
import { failureOf } from './failure/failures.js'
import { tellUnclaimed } from './handlers/recovered.js'
import { Host } from './host.js'
import { hostLoop } from './host-loop.js'
import type { RunInput } from './input.js'
import { exitCodeOf } from './recap.js'
import { RunState } from './run-state.js'
import { EffectOrder } from './schedule/effect-order.js'
import { Slot, Slots } from './schedule/forks.js'
import { checkStart } from './schedule/start-at.js'
import { type Path, theEnd } from './timeline/path.js'
import {
  batchesOf,
  batchSize,
  gatherFactsId,
  PlayProgress,
  type PlayState,
  playId,
  Stage,
} from './timeline/play-run.js'
import { Timeline } from './timeline/timeline.js'
import { Variables } from './variables/variables.js'

/**
 * Runs plays on hosts: each host walks its own timeline, and `EffectOrder` keeps effects in order.
 * @throws ConfigError before the first connection, for errors in what the user wrote
 */
export const run = async (input: RunInput): Promise<RunEnded> => {
  const from = performance.now()
  if (input.startAt !== undefined) checkStart(input.plays, input.startAt)
  const hosts = new Map<string, Host>()
  const isLive = (name: string): boolean => hosts.get(name)?.status === 'live'
  const states = input.plays.map((play, index) => playState(input, play, index, isLive))
  const timelines = new Map([...stagesOf(states)].map(([name, stages]) => [name, new Timeline(stages)]))
  const names = [...timelines.keys()]
  const startOf = (timeline: Timeline): Path => timeline.position() ?? theEnd
  const effectOrder = new EffectOrder(new Map([...timelines].map(([name, timeline]) => [name, startOf(timeline)])))
  const state = new RunState(input, effectOrder, controlNames, hosts)
  const slots = new Slots(input.forks)
  for (const [name, timeline] of timelines) {
    const host = new Host(name, timeline, new Slot(slots))
    hosts.set(name, host)
    state.variables.know(host)
  }

  state.emit({ kind: 'run-started', playbooks: input.playbooks, hosts: names, check: input.check })
  for (const { play, batches } of states)
    if (batches.flatMap(({ batch }) => batch).length === 0) warnNoHosts(state, play)
  const bugs: unknown[] = []
  await Promise.all(
    [...hosts.values()].map(host =>
      hostLoop(state, host).catch((error: unknown) => {
        bugs.push(error)
        host.state.count('failed')
        const { stage } = host.timeline
        const play = stage === undefined ? {} : { play: playId(stage) }
        state.emit({ kind: 'host-failed', host: host.name, ...play, failure: { failure: failureOf(error) } })
      }),
    ),
  )
  tellUnclaimed(state, state.hosts.values())
  warnAbandoned(state)
  await state.close()

  const recaps = Object.fromEntries(
    [...hosts].map(([name, host]) => [name, host.state.recap(state.machines.roundTrips(name))]),
  )
  const exitCode = exitCodeOf(Object.values(recaps), {
    interrupted: input.stopping.aborted,
    check: input.check,
    bug: bugs.length > 0 || state.events.sawBug,
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

/** Warns about a play without hosts. For a pattern without templates the compiler has already warned. */
const warnNoHosts = (run: RunState, { name, hosts, source }: Play): void => {
  if (hosts.constant) return
  run.emit({
    kind: 'warning',
    message: `no host matches: the play '${name}' is skipped`,
    source: hosts.source ?? source,
  })
}

/** Warns about hosts that did not fail themselves, but whose play was ended because other hosts failed. */
const warnAbandoned = (run: RunState): void => {
  const abandoned = [...run.hosts.values()].filter(
    ({ status, timeline }) => status === 'live' && timeline.peek() !== undefined,
  )
  if (abandoned.length === 0 || run.input.stopping.aborted) return
  run.emit({
    kind: 'warning',
    message: `${abandoned.map(({ name }) => name).join(', ')} did not reach the end of the plays: too many other hosts failed`,
    hint: 'repair the failed hosts, then start the same command again: what is done stays done',
  })
}

/**
 * The hosts and batches of a play. They are known before the first connection, since patterns and sizes use extra vars
 * only.
 */
const playState = (input: RunInput, play: Play, index: number, isLive: (host: string) => boolean): PlayState => {
  const scope = new Variables(input).scope('localhost')
  const limit = input.limit === undefined ? undefined : new Set(input.hosts.select(input.limit))
  const hosts = ordered(play, input.hosts.selectForPlay(patternText(play.hosts.evaluate(scope)))).filter(
    name => limit?.has(name) ?? true,
  )
  const sizes = play.serial
    .flatMap(expr => sizesOf(expr, scope, play.source))
    .map(size => batchSize(size, hosts.length))
  const progress = new PlayProgress()
  const live = (): readonly string[] => hosts.filter(name => isLive(name) && !progress.hasLeft(name))
  const roles = new Set(play.roles)
  return {
    play,
    index,
    batches: batchesOf(hosts, sizes).map(batch => ({ play, all: hosts, live, batch, roles })),
    nodes: nodesOf(play),
    progress,
  }
}

/** The batch sizes of `serial`; a template may yield a list of them. @throws ConfigError */
const sizesOf = (expr: Expr, scope: Scope, source: Source): readonly (number | string)[] => {
  const value = expr.evaluate(scope)
  if (value === null || value === omit) return []
  return (Array.isArray(value) ? value : [value]).map(one => {
    const size = readSerial(one)
    if (size instanceof NoNumber)
      throw new ConfigError({ message: size.message, source: expr.source ?? source, hint: size.hint })
    return size
  })
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

/** Host → its stages: its part of each play. */
const stagesOf = (states: readonly PlayState[]): ReadonlyMap<string, readonly Stage[]> => {
  const stages = new Map<string, Stage[]>()
  for (const state of states) {
    for (const [batch, hosts] of state.batches.entries()) {
      const path = [state.index, batch]
      for (const name of hosts.batch) addTo(stages, name, new Stage(state, batch, path, hosts))
    }
  }
  return stages
}

const nodesOf = (play: Play): readonly Node[] => (play.gatherFacts ? [gatherFacts(play), ...play.body] : play.body)

const gatherFacts = (play: Play): Step => ({
  ...play.inherits,
  id: gatherFactsId(play),
  name: constant('Gathering facts'),
  module: 'setup',
  params: play.gathering ?? constant({}),
  tags: ['always'],
})
