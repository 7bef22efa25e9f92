import t from 'tap'
import { computed, constant } from '../../../../engine/core/expr.js'
import { type Layer, rank } from '../../../../engine/core/vars.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { modules, put } from '../dry-run/look-steps.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { play, step } from '../harness/steps.js'

t.test('delegate_to: the delegate does it, with the caller’s variables', async t => {
  const params = computed(['me'], ([name]) => new Map([['cmd', `for-${String(name)}`]]))
  const { run, effects } = fakeHosts(['a', 'b', 'c'])
  await run([play([step('there', 'act', params, { delegateTo: constant('c') })])])
  t.strictSame(effects.sort(), ['c act for-a', 'c act for-b', 'c act for-c'])
})

t.test('a delegated step is done as the user that the delegate says, not its own host', async t => {
  const { run, transport } = fakeHosts(['a', 'b'])
  const layers = (name: string): readonly Layer[] => [
    dataLayer(rank.inventoryHost, 'host', [
      ['ansible_connection', 'fake'],
      ['me', name],
      ...(name === 'a' ? ([['ansible_become', true]] as const) : ([['ansible_become_user', 'deploy']] as const)),
    ]),
  ]
  const names = ['a', 'b']
  const hosts = {
    names,
    groups: new Map([['all', names]]),
    layersOf: layers,
    groupsOf: () => [],
    select: (pattern: string) => [pattern],
    selectForPlay: (pattern: string) => [pattern],
    file: undefined,
    sources: [],
  }
  const there = (on: string) => step(`to ${on}`, 'setting', { key: 'k', value: '1' }, { delegateTo: constant(on) })
  await run([play([there('a')], { hosts: constant('b') }), play([there('b')], { hosts: constant('a') })], { hosts })
  const users = (host: string) => [...new Set(transport.sent(host).map(({ as }) => JSON.stringify(as)))]
  t.strictSame(users('a'), ['"root"'])
  t.strictSame(users('b'), ['"login"'])
})

t.test('a host that cannot be reached by itself has delegated work', async t => {
  const layers = (name: string): readonly Layer[] => [
    dataLayer(rank.inventoryHost, 'host', [['ansible_connection', name === 'a' ? 'network_cli' : 'fake']]),
  ]
  const hosts = {
    names: ['a', 'b'],
    groups: new Map([['all', ['a', 'b']]]),
    layersOf: layers,
    groupsOf: () => [],
    select: (pattern: string) => (pattern === 'all' ? ['a'] : [pattern]),
    selectForPlay: (pattern: string) => (pattern === 'all' ? ['a'] : [pattern]),
    file: undefined,
    sources: [],
  }
  const body = [put('/etc/a', '1', { delegateTo: constant('b') })]
  const checked = fakeHosts(['a', 'b'])
  await checked.run([play(body)], { check: true, modules, hosts })
  t.strictSame(checked.statuses('a'), ['would-change put /etc/a'])
  const real = fakeHosts(['a', 'b'])
  await real.run([play(body)], { modules, hosts })
  t.strictSame(real.statuses('a'), ['changed put /etc/a'])
})
