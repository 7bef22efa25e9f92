import t from 'tap'
import type { Transport } from '../../../../engine/core/connection.js'
import { computed, constant } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

const reset = step('reset', 'meta', { action: 'reset_connection' })
const isA = computed(['me'], ([name]) => name === 'a')
const isB = computed(['me'], ([name]) => name === 'b')

for (const strategy of ['linear', 'free'] as const) {
  t.test(`${strategy}: a connection is reset when what another host does over it is done`, async t => {
    let begin = (): void => {}
    const begun = new Promise<void>(done => {
      begin = done
    })
    // b comes to its reset while a is at work there, which is the longer of the two.
    const delay = async (host: string): Promise<void> => {
      if (host === 'c') return begun
      if (host !== 'b') return
      begin()
      await hosts.stillness()
    }
    const hosts = fakeHosts(['a', 'b', 'c'], { delay })
    const { run, effects, transport } = hosts
    const doneByThen: (readonly string[])[] = []
    const connect: Transport['connect'] = async target => {
      const connection = await transport.connect(target)
      const end = connection.close.bind(connection)
      const close = (): Promise<void> => {
        if (target.name === 'b') doneByThen.push([...effects])
        return end()
      }
      return Object.assign(connection, { close })
    }
    const there = step('there', 'act', { cmd: 'there' }, { delegateTo: constant('b'), when: [isA] })
    const meanwhile = step('meanwhile', 'act', { cmd: 'meanwhile' }, { delegateTo: constant('c'), when: [isB] })
    const body = [there, meanwhile, reset, step('after', 'act', { cmd: 'after' })]
    const ended = await run([play(body, { strategy, hosts: constant('a,b') })], {
      transport: { ...transport, connect },
    })
    t.match(ended, { exitCode: 0, hosts: { a: { changed: 2 }, b: { changed: 2 } } })
    t.ok(doneByThen[0]?.includes('b act there'), 'what was under way is done')
    t.equal(transport.connects('b'), 2, 'it was reset')
  })
}

t.test('it has its turn when all that comes before it is done on every host', async t => {
  const { run, transport } = fakeHosts(['a', 'b'])
  const first = step('first', 'act', { cmd: 'first' }, { when: [isA] })
  const there = step('there', 'act', { cmd: 'there' }, { delegateTo: constant('b'), when: [isA] })
  await run([play([first, there, reset, step('after', 'act', { cmd: 'after' })])])
  t.equal(transport.connects('b'), 2, 'what was opened for a is reset')
})

t.test('a dry run keeps its connection', async t => {
  const { run, transport } = fakeHosts(['a'])
  const one = step('one', 'setting', { key: 'one', value: '1' })
  await run([play([one, reset, step('two', 'setting', { key: 'two', value: '1' })])], { check: true })
  t.equal(transport.connects('a'), 1)
})
