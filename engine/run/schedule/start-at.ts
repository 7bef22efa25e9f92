import { didYouMean } from '../../config/did-you-mean.js'
import { ConfigError } from '../../core/failure.js'
import type { Node, Play, Step } from '../../core/step.js'
import { isGlob, matcher, PatternProblem } from '../../inventory/patterns.js'
import { comparePaths, type Path } from '../timeline/path.js'
import type { EffectOrder } from './effect-order.js'

/**
 * --start-at-task: the step at which the run starts. Its position is not known before includes and roles are entered,
 * so all hosts look for it together: a host goes on only when every host has reached its position.
 */
export class StartAt {
  #found: Path | undefined
  readonly #seen = new Set<string>()

  constructor(
    readonly wanted: string,
    readonly effectOrder: EffectOrder,
  ) {}

  /** Whether the step at this path, or one before it, is the start. */
  async reached(path: Path, names: readonly string[]): Promise<boolean> {
    const mine = names.some(name => isMeant(name, this.wanted))
    if (mine && (this.#found === undefined || comparePaths(path, this.#found) < 0)) this.#found = path
    for (const name of names) this.#seen.add(name)
    if (!mine && !this.#isPast(path)) await this.effectOrder.waitForTurn(path)
    return this.#isPast(path)
  }

  /**
   * Whether the start is at this path or before it. Includes and roles before the start are only entered to look for
   * it.
   */
  isPast(path: Path): boolean {
    return this.#isPast(path)
  }

  /** At the end of the run. @throws ConfigError where no task had the name */
  check(): void {
    if (this.#found === undefined) throw notFound(this.wanted, this.#seen)
  }

  #isPast(path: Path): boolean {
    return this.#found !== undefined && comparePaths(path, this.#found) >= 0
  }
}

/**
 * Whether a name is meant: it is equal, or matches as a glob of Python's fnmatch. A name may contain such characters
 * itself.
 */
const isMeant = (name: string, wanted: string): boolean => {
  if (name === wanted) return true
  if (wanted.startsWith('~') || !isGlob(wanted)) return false
  try {
    return matcher(wanted)(name)
  } catch (error) {
    if (error instanceof PatternProblem) return false
    throw error
  }
}

/** @throws ConfigError where all tasks are known before the first connection, and none has the name */
export const checkStart = (plays: readonly Play[], wanted: string): void => {
  const names = new Set<string>()
  const hidden = plays.some(play => !collect(play.body, names))
  if (!hidden && ![...names].some(name => isMeant(name, wanted))) throw notFound(wanted, names)
}

/** Collects the names of tasks. False where more tasks may come: includes, roles, names with templates. */
const collect = (nodes: readonly Node[], names: Set<string>): boolean =>
  nodes
    .map(node => {
      if (node.kind === 'role') return false
      if (node.kind === 'block') return collect([...node.body, ...node.rescue, ...node.always], names)
      for (const name of writtenNames(node)) names.add(name)
      return node.module !== 'include_tasks' && node.module !== 'include_role' && node.name?.constant !== false
    })
    .every(known => known)

const writtenNames = (step: Step): readonly string[] => {
  const own = step.name?.text ?? step.module
  return step.origin.role === undefined ? [own] : [own, `${step.origin.role.name} : ${own}`]
}

const notFound = (wanted: string, names: Iterable<string>): ConfigError =>
  new ConfigError({
    message: `--start-at-task: no task is called '${wanted}'`,
    hint: didYouMean(wanted, names) ?? '--list-tasks shows their names',
  })
