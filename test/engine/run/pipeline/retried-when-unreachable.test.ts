import t from 'tap'
import { constant } from '../../../../engine/core/expr.js'
import type { AnyModule } from '../../../../engine/core/module.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { act, setting } from '../harness/modules.js'
import { play, step } from '../harness/steps.js'

t.test('a host that an earlier play brings up is reached at its turn', async t => {
  const unreachable: Record<string, 'refused'> = { b: 'refused' }
  const boot: AnyModule = {
    ...act,
    name: 'boot',
    apply: async () => {
      await hosts.stillness()
      delete unreachable['b']
    },
  }
  const hosts = fakeHosts(['a', 'b'], { unreachable })
  const plays = [
    play([step('boot', 'boot', { cmd: 'b' })], { hosts: constant('a') }),
    play([step('set', 'setting', { key: 'k', value: '1' })], { hosts: constant('b') }),
  ]
  t.match(
    await hosts.run(plays, {
      modules: new Map<string, AnyModule>([
        ['boot', boot],
        ['setting', setting],
      ]),
    }),
    { exitCode: 0 },
  )
  t.strictSame(hosts.statuses('b'), ['changed set'])
})

t.test('one that is not there at its turn either is unreachable, and is not tried again and again', async t => {
  let tried = 0
  const unreachable = {
    get b(): 'refused' {
      tried++
      return 'refused'
    },
  }
  const { run } = fakeHosts(['a', 'b'], { slow: 'a', unreachable })
  const plays = [
    play([step('act', 'act', { cmd: 'x' })], { hosts: constant('a') }),
    play([step('set', 'setting', { key: 'k', value: '1' })], { hosts: constant('b') }),
  ]
  t.match(await run(plays), { exitCode: 3, hosts: { b: { unreachable: 1 } } })
  t.ok(tried <= 4, `${tried} tries`)
  const alone = fakeHosts(['b'], { unreachable })
  tried = 0
  await alone.run([play([step('set', 'setting', { key: 'k', value: '1' })])])
  const once = tried
  t.ok(once <= 2, `${once} tries`)
})
