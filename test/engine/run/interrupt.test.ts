import t from 'tap'
import type { AnyModule } from '../../../engine/core/module.js'
import { fakeHosts } from './harness/fake-hosts.js'
import { setting } from './harness/modules.js'
import { play, settings } from './harness/steps.js'

t.test('after an interrupt no new step is begun', async t => {
  const hosts = fakeHosts(['a'], { delay: async (_, batch) => (batch === 2 ? hosts.stop.abort() : undefined) })
  const ended = await hosts.run([play(settings(5))])
  t.equal(ended.exitCode, 130)
  t.ok(hosts.effects.length < 5)
  t.match(ended.hosts['a']?.stopped, { how: /finished|ended/ })
})

t.test('ended at once: a command is ended, what runs in a unit of its own may go on', async t => {
  for (const how of ['ended', 'running on the host'] as const) {
    const abort = new AbortController()
    const hosts = fakeHosts(['a'], {
      delay: async () => {
        if (!hosts.events.some(event => event.kind === 'step-started')) return
        await new Promise(soon => setImmediate(soon))
        hosts.stop.abort()
        abort.abort()
      },
    })
    const module: AnyModule = {
      ...setting,
      apply: async (_, __, host) => {
        if (how === 'ended') await host.run(['act', 'x'])
        else await host.long('work', ['act', 'x'])
      },
    }
    const modules = new Map([['setting', module]])
    const ended = await hosts.run([play(settings(2))], { modules, abort: abort.signal })
    t.match(ended, { exitCode: 130, hosts: { a: { stopped: { step: 's0', how } } } })
  }
})

t.test('ended before it was sent: nothing runs on, in a unit of its own neither', async t => {
  const abort = new AbortController()
  const hosts = fakeHosts(['a'])
  const module: AnyModule = {
    ...setting,
    apply: async (_, __, host) => {
      hosts.stop.abort()
      abort.abort()
      await host.long('work', ['act', 'x'])
    },
  }
  const ended = await hosts.run([play(settings(2))], { modules: new Map([['setting', module]]), abort: abort.signal })
  t.match(ended, { exitCode: 130, hosts: { a: { stopped: { step: 's0', how: 'ended' } } } })
})
