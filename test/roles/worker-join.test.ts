import t from 'tap'
import workerJoin from '../../roles/worker-join/role.js'
import { cluster, paramsOf, stepsOf, systems } from '../support/role-view.js'

const hosts = cluster(systems.debian12)

t.test('workers alone; a host in both groups is a control plane', async t => {
  t.same(stepsOf(workerJoin, hosts, 'node1'), [])
  t.match(paramsOf(stepsOf(workerJoin, hosts, 'node3'), 'kubeadm_join'), {
    node_name: 'node3',
    node_address: '192.0.2.13',
  })
  const both = cluster(systems.debian12, host => ({ ...host, groups: [...host.groups, 'workers'] }))
  t.same(stepsOf(workerJoin, both, 'node1'), [])
})
