import t from 'tap'
import type { SharedValue } from '../../../../engine/core/module.js'
import { SharedValues } from '../../../../engine/run/machine/shared-values.js'

const lab = () => {
  let now = 0
  let count = 0
  const disposed: string[] = []
  const values = new SharedValues({ pick: () => 'a', on: (_, work) => work({} as never), now: () => now })
  const token: SharedValue<string> = {
    key: 'token',
    on: 'a',
    ttl: 10,
    secret: true,
    make: async () => `token ${++count}`,
    dispose: async (_, made) => void disposed.push(made),
  }
  const pass = (ms: number): void => {
    now += ms
  }
  return { values, token, disposed, pass }
}

t.test('a value is made once, again when it has expired, and all are taken back', async t => {
  const { values, token, disposed, pass } = lab()
  t.strictSame(await Promise.all([values.get(token), values.get(token)]), ['token 1', 'token 1'])
  pass(20)
  t.equal(await values.get(token), 'token 2')
  await values.dispose(() => t.fail('nothing to complain of'))
  t.strictSame(disposed.sort(), ['token 1', 'token 2'])
})

t.test('a maker that failed late takes nothing from the one that came after it', async t => {
  const { values, token, disposed, pass } = lab()
  let fail = (): void => {}
  const failing = new Promise<string>((_, reject) => {
    fail = () => reject(new Error('no'))
  })
  const first = values.get({ ...token, make: () => failing })
  pass(20)
  t.equal(await values.get(token), 'token 1')
  fail()
  await t.rejects(first, { message: 'no' })
  t.equal(await values.get(token), 'token 1')
  await values.dispose(() => t.fail('nothing to complain of'))
  t.strictSame(disposed, ['token 1'])
})
