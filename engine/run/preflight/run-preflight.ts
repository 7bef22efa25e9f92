import type { Node } from '../../core/step.js'
import type { Preflight, RunContext, StepContext } from '../context.js'
import { fail, routeToRescue } from '../failure/host-failed.js'
import type { Host } from '../host.js'
import { factsAreIn } from '../schedule/facts-barrier.js'
import type { PlayState, Stage } from '../timeline/play-run.js'
import { type Refusal, refusalsOf } from './refusals.js'

/**
 * Finds refusals before the first change of the run. As soon as the facts of a play are gathered, the roles of all
 * coming plays are asked for their findings, and modules with refusals that no step can prevent (`refusesFirst`) read
 * their hosts. If anything is refused anywhere, no host begins. A host whose facts come with a later play is checked
 * before the first step of that play.
 */
export class RunPreflight implements Preflight {
  readonly #plays = new Map<PlayState, Promise<void>>()
  readonly #asked = new WeakSet<Stage>()
  readonly #refused = new Map<string, readonly Refusal[]>()
  readonly #isOff: boolean
  #isWarned = false

  constructor(readonly run: RunContext) {
    const { plays, modules, startAt, confirm } = run.input
    const mayRefuse = (node: Node): boolean => {
      if (node.kind === 'block') return node.body.some(mayRefuse)
      return node.kind === 'role' || modules.get(node.module)?.refusesFirst !== undefined
    }
    this.#isOff = startAt !== undefined || confirm !== undefined || !plays.some(({ body }) => body.some(mayRefuse))
  }

  /** Whether the host may go on with the step or role. If not, its failure has already been routed. */
  async lets(context: StepContext): Promise<boolean> {
    const { run, host, stage, handler } = context
    if (this.#isOff || handler || context.gathersFacts) return true
    if (!factsAreIn(run, stage)) await host.slot.releaseWhile(run.effectOrder.until(() => factsAreIn(run, stage)))
    const answer = this.#plays.get(stage.state) ?? this.#ask()
    this.#plays.set(stage.state, answer)
    await answer
    if (this.#refused.size === 0) return true
    this.#warnOthers()
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

  #warnOthers(): void {
    if (this.#isWarned) return
    this.#isWarned = true
    const others = [...this.run.hosts.keys()].filter(name => !this.#refused.has(name))
    if (others.length === 0) return
    const names = [...this.#refused.keys()].join(', ')
    this.run.emit({
      kind: 'warning',
      message: `${others.join(', ')}: stopped before the next step, since a later step is refused on ${names}`,
    })
  }
}

/** Whether the facts of a host are gathered, or none of its plays gathers them. */
const isKnown = ({ facts, timeline }: Host): boolean =>
  facts !== undefined || !timeline.stages.some(({ state }) => state.play.gatherFacts)
