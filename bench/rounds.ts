import type { Log } from '../lab/support/log.js'
import type { Absent, Item, Program } from './item.js'
import type { Measure, Ran, Sample } from './measure.js'

/** A run that is not counted. */
interface Refused {
  readonly run: string
  readonly why: string
}

export interface ProgramResult {
  readonly name: string
  readonly version?: string
  readonly samples: readonly Sample[]
  readonly refused: readonly Refused[]
  /** The greatest memory of all its processes together, in MB. */
  readonly together?: number
}

export interface ItemResult {
  readonly name: string
  readonly what: string
  readonly rounds: number
  readonly programs: readonly ProgramResult[]
  readonly absent: readonly Absent[]
}

interface How {
  readonly measure: Measure
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * Runs every program once a round, one after the other, so that other load on the machine affects all of them equally.
 */
export const runItem = async (item: Item, { measure, log, signal }: How): Promise<ItemResult> => {
  const runner = new Runner(item, measure, log, signal)
  if (item.settle) for (const program of item.programs) await runner.settle(program)
  if (item.rehearse) for (const program of item.programs) await runner.rehearse(program)
  for (let round = 1; round <= item.rounds; round++) {
    const from = (round - 1) % Math.max(1, item.programs.length)
    const order = [...item.programs.slice(from), ...item.programs.slice(0, from)]
    for (const program of order) await runner.count(program, round)
  }
  return runner.result()
}

class Runner {
  readonly #samples = new Map<Program, Sample[]>()
  readonly #refused = new Map<Program, Refused[]>()
  readonly #together = new Map<Program, number>()

  constructor(
    private readonly item: Item,
    private readonly measure: Measure,
    private readonly log: Log,
    private readonly signal: AbortSignal,
  ) {}

  async settle(program: Program): Promise<void> {
    await this.#run(program, 'the run before all', { checked: false, watched: false })
  }

  async rehearse(program: Program): Promise<void> {
    const ran = await this.#run(program, 'the rehearsal', { checked: true, watched: true })
    if (ran?.together !== undefined) this.#together.set(program, ran.together)
  }

  async count(program: Program, round: number): Promise<void> {
    const ran = await this.#run(program, `round ${round}`, { checked: true, watched: false })
    if (ran !== undefined) add(this.#samples, program, ran.sample)
  }

  /** @returns undefined where the run is not counted */
  async #run(program: Program, run: string, how: { checked: boolean; watched: boolean }): Promise<Ran | undefined> {
    this.signal.throwIfAborted()
    await program.before?.()
    this.signal.throwIfAborted()
    const ran = await this.measure(program, how.watched)
    this.signal.throwIfAborted()
    const why = ran.code === 0 ? (how.checked ? await program.check(ran) : undefined) : ended(ran)
    await program.after?.()
    this.log(
      `${this.item.name.padEnd(10)} ${run.padEnd(18)} ${program.name.padEnd(12)} ${ran.sample.wall.toFixed(2)} s${why === undefined ? '' : `  not counted: ${why}`}`,
    )
    if (why === undefined) return ran
    add(this.#refused, program, { run, why })
    return undefined
  }

  result(): ItemResult {
    const { name, what, rounds, absent, programs } = this.item
    return { name, what, rounds, absent, programs: programs.map(program => this.#resultOf(program)) }
  }

  #resultOf(program: Program): ProgramResult {
    const together = this.#together.get(program)
    return {
      name: program.name,
      ...(program.version !== undefined && { version: program.version }),
      samples: this.#samples.get(program) ?? [],
      refused: this.#refused.get(program) ?? [],
      ...(together !== undefined && { together }),
    }
  }
}

const ended = ({ code, stdout, stderr }: Ran): string => {
  const output = (stderr.trim() || stdout.trim()).split('\n').slice(-3).join(' ⏎ ')
  return `exit code ${code}: ${output.slice(-300)}`
}

const add = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
