import t from 'tap'
import type { JsonObject } from '../../../engine/core/json.js'
import masterInit from '../../../roles/master-init/role.js'
import workerJoin from '../../../roles/worker-join/role.js'
import { cluster, findingsOf, paramsOf, stepsOf, systems } from '../../support/role-view.js'

t.test('one configuration for all, and patches of kubeadm where the node was told of them', async t => {
  const kubeadm_kubelet = { maxPods: 200 }
  const given = (variables: JsonObject) => cluster(systems.debian12, host => ({ ...host, variables }))
  const settings = (hosts: ReturnType<typeof given>, more: JsonObject = {}) =>
    paramsOf(stepsOf(workerJoin, hosts, 'node2', { kubeadm_kubelet, ...more }), 'kubelet_config')
  const all = given({ kubeadm_kubelet })
  t.same(paramsOf(stepsOf(masterInit, all, 'node1', { kubeadm_kubelet }), 'kubelet_config'), {
    settings: kubeadm_kubelet,
    node_name: 'node1',
  })
  t.same(settings(all, { kubeadm_join: { patches: { directory: '/p' } } }), {
    settings: kubeadm_kubelet,
    node_name: 'node2',
    patches: '/p',
  })
  t.match(settings(given({ ansible_limit: 'node2' })), { brought_in_run: false })
  t.same(findingsOf(workerJoin, all, 'node2'), [])
  t.same(findingsOf(workerJoin, given({}), 'node2'), [])
  const [first, ...others] = all
  const own = others.map(host => ({ ...host, variables: { kubeadm_kubelet: { maxPods: 50 } } }))
  t.match(findingsOf(workerJoin, first === undefined ? [] : [first, ...own], 'node2'), [
    { level: 'error', host: 'node2', what: /another than that of node1/ },
  ])
})
