import t from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import masterInit from '../../roles/master-init/role.js'
import { cluster, findingsOf, paramsOf, stepsOf, systems } from '../support/role-view.js'

const hosts = cluster(systems.debian12)

t.test('on the first control plane alone, with its own address', async t => {
  t.same(stepsOf(masterInit, hosts, 'node2'), [])
  const init = paramsOf(stepsOf(masterInit, hosts, 'node1', { kubeadm_proxy: { mode: 'nftables' } }), 'kubeadm_init')
  t.match(init, {
    node_name: 'node1',
    node_address: '192.0.2.11',
    control_plane_endpoint: 'cluster-endpoint:6443',
    proxy: { mode: 'nftables' },
  })
})

t.test('networks that overlap are found before anything is changed', async t => {
  const found = (given: JsonObject) => findingsOf(masterInit, hosts, 'node1', given).map(finding => finding.what)
  t.same(found({}), [])
  t.match(found({ pod_subnet: '10.96.0.0/16' }), [/overlap/])
  t.match(found({ pod_subnet: 'fd00::/56,10.96.0.0/16' }), [/overlap/])
  t.match(found({ pod_subnet: '192.0.2.0/24' }), [/node1 .*lies in pod_subnet/, /node2/, /node3/])
  t.match(found({ service_subnet: '192.0.0.0/16' }), [/node1 .*lies in service_subnet/, /node2/, /node3/])
})

t.test('a name server on the loopback would have CoreDNS ask itself', async t => {
  const asked = (nameservers: readonly string[], given: JsonObject = {}) =>
    findingsOf(
      masterInit,
      cluster(systems.debian12, host => ({ ...host, facts: { ...host.facts, dns: { nameservers } } })),
      'node1',
      given,
    )
  t.same(asked(['192.0.2.1']), [])
  t.same(asked(['127.0.0.53']), [], 'systemd-resolved: kubeadm knows it')
  t.match(asked(['127.0.0.1']), [{ level: 'warning', host: 'node1', what: /127\.0\.0\.1/, remedy: /resolvConf/ }])
  t.same(asked(['127.0.0.1'], { kubeadm_kubelet: { resolvConf: '/etc/real.conf' } }), [])
})
