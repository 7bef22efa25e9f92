import t from 'tap'
import type { Item, Program } from '../../bench/item.js'
import type { Measure } from '../../bench/measure.js'
import { runItem } from '../../bench/rounds.js'

const program = (name: string, check: Program['check'] = () => undefined): Program => ({
  name,
  argv: [name],
  env: {},
  cwd: '/',
  check,
})

const item = (programs: readonly Program[], more: Partial<Item> = {}): Item => ({
  name: 'item',
  what: 'work',
  rounds: 2,
  settle: true,
  rehearse: true,
  programs,
  absent: [],
  ...more,
})

/** Runs are counted up: the first takes one second, and so on. */
const recorder = (code: (run: number) => number = () => 0) => {
  const runs: string[] = []
  const measure: Measure = async ({ argv }, watched) => {
    runs.push(`${argv[0]}${watched ? ' watched' : ''}`)
    const sample = { wall: runs.length, cpu: 0.1, largest: 10 }
    return { code: code(runs.length), stdout: '', stderr: 'said\n', sample, ...(watched && { together: 20 }) }
  }
  return { runs, measure, log: () => undefined, signal: new AbortController().signal }
}

t.test('each once before, each once watched, then all of them in every round, another one first each time', async t => {
  const how = recorder()
  const { programs } = await runItem(item([program('a'), program('b')]), how)
  t.same(how.runs, ['a', 'b', 'a watched', 'b watched', 'a', 'b', 'b', 'a'])
  t.same(
    programs.map(({ samples }) => samples.map(({ wall }) => wall)),
    [
      [5, 8],
      [6, 7],
    ],
    'only the rounds count',
  )
  t.same(
    programs.map(one => one.together),
    [20, 20],
  )
})

t.test('runs that fail, or did other work, are told and not counted', async t => {
  const how = recorder(run => (run === 2 ? 1 : 0))
  const changes = program('a', ({ sample }) => (sample.wall === 3 ? 'changed=1' : undefined))
  const { programs } = await runItem(item([changes], { settle: false, rehearse: false, rounds: 3 }), how)
  t.match(programs[0], {
    samples: [{ wall: 1 }],
    refused: [
      { run: 'round 2', why: 'exit code 1: said' },
      { run: 'round 3', why: 'changed=1' },
    ],
  })
})

t.test('the run before all may change things', async t => {
  const changes = program('a', ({ sample }) => (sample.wall === 1 ? 'changed=8' : undefined))
  const { programs } = await runItem(item([changes]), recorder())
  t.match(programs[0], { refused: [], samples: [{ wall: 3 }, { wall: 4 }] })
})

t.test('what is around a run happens around each', async t => {
  const order: string[] = []
  const how = recorder()
  const measure: Measure = (command, watched) => {
    order.push('run')
    return how.measure(command, watched)
  }
  const around = {
    ...program('a'),
    before: async () => void order.push('before'),
    after: async () => void order.push('after'),
  }
  await runItem(item([around], { settle: false, rehearse: false }), { ...how, measure })
  t.same(order, ['before', 'run', 'after', 'before', 'run', 'after'])
})

t.test('an interrupt ends it', async t => {
  const interrupt = new AbortController()
  const how = recorder(() => {
    interrupt.abort(new Error('interrupted'))
    return 0
  })
  await t.rejects(runItem(item([program('a'), program('b')]), { ...how, signal: interrupt.signal }), /interrupted/)
  t.same(how.runs, ['a'])
})
