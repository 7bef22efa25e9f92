import t from 'tap'
import type { RoleStep } from '../../engine/core/role.js'
import reset from '../../roles/reset/role.js'
import { cluster, findingsOf, roleParams, stepsOf, systems, viewOf } from '../support/role-view.js'

const hosts = cluster(systems.debian12)

t.test('the cluster ends before its packages go, and only what was asked for', async t => {
  const steps = stepsOf(reset, hosts, 'node2')
  const modules = steps.map(step => step.module)
  t.ok(modules.indexOf('kubeadm_reset') < modules.indexOf('apt'))
  const less = stepsOf(reset, hosts, 'node2', {
    reset_packages: false,
    reset_containerd: false,
    reset_host_settings: false,
  })
  t.same(
    less.map(step => step.module),
    ['stat', 'systemd', 'kubeadm_reset', 'debug'],
  )
})

t.test('a worker that leaves a cluster that stays goes by way of the control plane, before all else', async t => {
  const steps = stepsOf(reset, hosts, 'node3', { reset_drain: true })
  t.match(
    steps.slice(0, 4).map(step => step.module),
    ['stat', 'kube_node', 'kube_node', 'systemd'],
  )
  const asked = reset.steps(roleParams(reset, { reset_drain: true }), viewOf(hosts, 'node3')) as readonly RoleStep[]
  t.match(
    steps.slice(1, 3).map(step => step.params),
    [
      { name: 'node3', drain: true, machine_id: 'machine-3', address: '192.0.2.13' },
      { name: 'node3', drain: false, machine_id: 'machine-3', address: '192.0.2.13' },
    ],
  )
  t.match(asked.slice(1, 3), [{ options: { delegateTo: 'node1', throttle: 1 } }, { options: { delegateTo: 'node1' } }])
  t.notOk(
    stepsOf(reset, hosts, 'node1', { reset_drain: true }).some(step => step.module === 'kube_node'),
    'a control plane is not drained',
  )
})

t.test('pods are moved only where a worker stays that can take them', async t => {
  const leave = (...names: readonly string[]) => hosts.map(host => ({ ...host, inPlay: names.includes(host.name) }))
  const drain = { reset_drain: true }
  t.same(findingsOf(reset, leave('node3'), 'node3', drain), [])
  for (const all of [hosts, leave('node2', 'node3')])
    t.match(findingsOf(reset, all, 'node3', drain), [{ level: 'error', host: 'node3', what: /no worker/ }])
  t.same(findingsOf(reset, hosts, 'node3', {}), [])
  t.same(findingsOf(reset, hosts, 'node1', drain), [])
})

t.test('without a control plane in the inventory nobody can be asked', async t => {
  const workers = hosts.filter(host => host.name !== 'node1')
  t.match(findingsOf(reset, workers, 'node3', { reset_drain: true }), [{ level: 'error', host: 'node3' }])
  t.same(findingsOf(reset, workers, 'node3', {}), [])
})
