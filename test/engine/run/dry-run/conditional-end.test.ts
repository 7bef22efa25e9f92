import t from 'tap'
import { computed } from '../../../../engine/core/expr.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'
import { after, before, dry, fieldOf, lookAt, meta, modules, put, waitsFor } from './look-steps.js'

t.test('a host that perhaps leaves the play perhaps does what comes', async t => {
  for (const action of ['end_host', 'end_play', 'end_batch']) {
    const checked = fakeHosts(['a'])
    const ended = await checked.run(
      [
        play([
          ...before,
          meta(action),
          put('/etc/b'),
          step('set', 'set_fact', { fact: 1 }),
          step('stop', 'fail', { msg: 'no' }),
          step('tasks', 'include_tasks', { file: '/etc/d' }),
        ]),
        play([lookAt('/etc/b'), put('/etc/c')], { name: 'the next play' }),
      ],
      { check: true, modules },
    )
    t.strictSame(after(checked), [
      `unknown ${action}`,
      'unknown put /etc/b',
      'unknown set',
      'unknown stop',
      'unknown included /etc/d',
      'unknown look at /etc/b',
      'would-change put /etc/c',
    ])
    t.strictSame(waitsFor(checked).slice(0, 4), Array(4).fill("'put /etc/a' to run"))
    t.equal(ended.exitCode, 4)
  }
})

t.test('nobody does anything for certain once the first host perhaps ends the play', async t => {
  const when = computed(['seen', 'me'], ([seen, me]) => (me === 'a' ? fieldOf(seen, false) : false))
  const checked = fakeHosts(['a', 'b'])
  await dry(checked, [...before, meta('end_play', when), put('/etc/b')])
  for (const host of ['a', 'b']) {
    t.strictSame(checked.statuses(host).slice(2), ['unknown end_play', 'unknown put /etc/b'], host)
  }
  const alone = fakeHosts(['a', 'b'])
  await dry(alone, [...before, meta('end_host', when), put('/etc/b')])
  t.strictSame(alone.statuses('b').slice(2), ['would-change put /etc/b'], 'end_host is of one host')
})

t.test('a role that is perhaps left early ends that doubt with itself', async t => {
  const checked = fakeHosts(['a'])
  await dry(checked, [
    ...before,
    {
      kind: 'block',
      name: undefined,
      source: { file: 'site.yml', line: 1, col: 1 },
      role: 'r',
      body: [meta('end_role'), put('/etc/b')],
      rescue: [],
      always: [],
    },
    put('/etc/c'),
  ])
  t.strictSame(after(checked), ['unknown end_role', 'unknown put /etc/b', 'would-change put /etc/c'])
})
