import type { Node } from '../../core/step.js'
import type { Preflight, RunContext, StepContext } from '../context.js'
import { fail, routeToRescue } from '../failure/host-failed.js'
import type { Host } from '../host.js'
import { factsAreIn } from '../schedule/facts-barrier.js'
import type { PlayState, Stage } from '../timeline/play-run.js'
import { type Refusal, refusalsOf } from './refusals.js'

/**
 * What is refused is refused before the first change of the run. As soon as the facts of a play are in, the roles of all plays to come are
 * asked for their findings, and modules whose refusal nothing in the run could avert (`refusesFirst`) look at once. If anything is refused
 * anywhere, no host begins. A host whose facts come only with a later play is asked before the first step of that play.
 */
export class RunPreflight implements Preflight {
  readonly #plays = new Map<PlayState, Promise<void>>()
  readonly #asked = new WeakSet<Stage>()
  readonly #refused = new Map<string, readonly Refusal[]>()
  readonly #isOff: boolean
  #told = false

  constructor(readonly run: RunContext) {
    const { plays, modules, startAt, confirm } = run.input
    const mayRefuse = (node: Node): boolean => {
      if (node.kind === 'block') return node.body.some(mayRefuse)
      return node.kind === 'role' || modules.get(node.module)?.refusesFirst !== undefined
    }
    this.#isOff = startAt !== undefined || confirm !== undefined || !plays.some(({ body }) => body.some(mayRefuse))
  }

  /** At a step or a role: whether the host goes on with it. Where not, it has been led to where its failure leads. */
  async lets(context: StepContext): Promise<boolean> {
    const { run, host, stage, handler } = context
    if (this.#isOff || handler || context.gathersFacts) return true
    if (!factsAreIn(run, stage)) await host.slot.releaseWhile(run.effectOrder.until(() => factsAreIn(run, stage)))
    const answer = this.#plays.get(stage.state) ?? this.#ask()
    this.#plays.set(stage.state, answer)
    await answer
    if (this.#refused.size === 0) return true
    this.#tell()
    const [refusal] = this.#refused.get(host.name) ?? []
    if (refusal !== undefined && !host.state.hasFailed) fail(context.at(refusal.step), refusal.failure)
    else routeToRescue(run, host, stage, { kind: 'task-failed', message: 'refused on another host' })
    return false
  }

  async #ask(): Promise<void> {
    const { run } = this
    const known = [...run.hosts.values()].filter(host => host.status === 'live' && isKnown(host))
    await Promise.all(
      known.map(async host => {
        const refusals = await refusalsOf(run, host, this.#asked)
        if (refusals.length > 0) this.#refused.set(host.name, refusals)
      }),
    )
  }

  #tell(): void {
    if (this.#told) return
    this.#told = true
    const others = [...this.run.hosts.keys()].filter(name => !this.#refused.has(name))
    if (others.length === 0) return
    const names = [...this.#refused.keys()].join(', ')
    this.run.emit({
      kind: 'warning',
      message: `${others.join(', ')}: stopped before the next step, since what is to come is refused on ${names}`,
    })
  }
}

/** Its facts are there, or none are going to come. */
const isKnown = ({ facts, timeline }: Host): boolean =>
  facts !== undefined || !timeline.stages.some(({ state }) => state.play.gatherFacts)
