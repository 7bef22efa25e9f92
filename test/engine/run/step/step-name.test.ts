import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import { Narrator } from '../../../../engine/report/narrator.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

t.test('a step names its play, while hosts are in different ones', async t => {
  // b comes to the second play when a is through with it.
  const { run, events } = fakeHosts(['a', 'b'], { slow: 'b' })
  const work = (of: string) => [1, 2].map(number => step(`${of} ${number}`, 'act', { cmd: 'x' }))
  const free = { strategy: 'free' } as const
  const batches = { name: 'batches', serial: [constant(1)] }
  await run([
    play(work('first'), { name: 'first', ...free }),
    play(work('second'), { name: 'second', ...free }),
    play(work('batches'), batches),
  ])
  const started = events.flatMap(event => (event.kind === 'play-started' ? [event] : []))
  t.strictSame(
    started.map(({ id, play, hosts }) => [id, play, hosts]),
    [
      ['0.0', 'first', ['a', 'b']],
      ['1.0', 'second', ['a', 'b']],
      ['2.0', 'batches', ['a']],
      ['2.1', 'batches', ['b']],
    ],
  )
  const ended = events.flatMap(event => (event.kind === 'step-ended' ? [event] : []))
  t.equal(ended.length, 12)
  for (const { host, step } of ended) {
    const [play] = started.filter(({ id }) => id === step.play)
    t.equal(step.name.split(' ')[0], play?.play, `${host} › ${step.name}`)
    t.ok(play?.hosts.includes(host))
  }

  let text = ''
  const write = (more: string): void => {
    text += more
  }
  const narrator = new Narrator({ write, colours: false, diff: false, verbosity: 0 })
  for (const event of events) narrator.tell(event)
  let heading = ''
  let lines = 0
  for (const line of text.split('\n')) {
    heading = /^PLAY (\w+)/.exec(line)?.[1] ?? heading
    const [, of] = /^changed: .* › (\w+) \d/.exec(line) ?? []
    if (of === undefined) continue
    t.equal(of, heading, line)
    lines++
  }
  t.ok(lines >= 6, 'and no line is missing')
})
