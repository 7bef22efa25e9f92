import t from 'tap'
import type { Expr } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

/** Like `password_hash` without a salt: another value at each evaluation. */
const another = (): Expr => {
  let made = 0
  return {
    names: [],
    constant: false,
    evaluate: () =>
      new Map([
        ['key', '/etc/a'],
        ['value', `hash-${++made}`],
      ]),
  }
}

t.test(
  'a value that is another at each evaluation is one for an execution: what is applied is what is looked for',
  async t => {
    for (const before of [[], [step('before', 'act', { cmd: 'x' })]]) {
      const real = fakeHosts(['a', 'b'])
      const steps = [...before, step('change', 'setting', another()), step('after', 'act', { cmd: 'y' })]
      const ended = await real.run([play(steps)])
      t.equal(ended.exitCode, 0)
      for (const host of ['a', 'b']) {
        t.match(real.statuses(host).slice(before.length), ['changed change', 'changed after'])
        const sets = real.transport.state(host).log.filter(one => one.startsWith('set'))
        t.strictSame(sets, [`set /etc/a ${real.transport.state(host).settings.get('/etc/a')}`])
      }
    }
  },
)
