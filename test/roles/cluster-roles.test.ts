import t from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import calico from '../../roles/calico/role.js'
import docker from '../../roles/docker/role.js'
import kubePackages from '../../roles/kube-packages/role.js'
import masterInit from '../../roles/master-init/role.js'
import reset from '../../roles/reset/role.js'
import workerJoin from '../../roles/worker-join/role.js'
import { cluster, findingsOf, stepsOf, systems } from '../support/role-view.js'

const hosts = cluster(systems.debian12)
const paramsOf = (
  steps: readonly { readonly module: string; readonly params: unknown }[],
  module: string,
): JsonObject => (steps.find(step => step.module === module)?.params ?? {}) as JsonObject

t.test('docker: the package of each system', async t => {
  t.same(paramsOf(stepsOf(docker, hosts, 'node1'), 'apt')['name'], ['containerd'])
  t.same(paramsOf(stepsOf(docker, cluster(systems.rhel9), 'node1'), 'package')['name'], ['containerd.io'])
  const own = stepsOf(docker, cluster(systems.ubuntu2404), 'node1', {
    containerd_repo_url: 'https://download.docker.com/linux/ubuntu',
  })
  t.same(paramsOf(own, 'apt')['name'], ['containerd.io'])
  t.same(paramsOf(own, 'deb822_repository')['suites'], ['noble'])
})

t.test('docker: the pause image is the one that this kubeadm names', async t => {
  t.equal(
    paramsOf(stepsOf(docker, hosts, 'node1', { kubernetes_version: '1.33.1' }), 'containerd_config')['pause_image'],
    'registry.k8s.io/pause:3.10',
  )
  t.equal(paramsOf(stepsOf(docker, hosts, 'node1'), 'containerd_config')['pause_image'], 'registry.k8s.io/pause:3.10.1')
})

t.test('docker: the cluster is never reached by way of the proxy', async t => {
  const steps = stepsOf(docker, hosts, 'node1', { https_proxy: 'http://proxy.example.com:3128' })
  const dropIn = JSON.stringify(steps.find(step => step.name.includes('by way of the proxy')))
  for (const inside of ['10.244.0.0/16', '10.96.0.0/12', '.cluster.local', 'cluster-endpoint', '192.0.2.12', 'node3'])
    t.match(dropIn, inside)
  t.notMatch(dropIn, 'HTTP_PROXY')
})

t.test('kube-packages: where the packages come from', async t => {
  t.match(paramsOf(stepsOf(kubePackages, hosts, 'node1', { kubernetes_version: '1.33.2' }), 'kube_repository'), {
    url: 'https://pkgs.k8s.io/core:/stable:/v1.33/deb/',
    key_url: 'https://pkgs.k8s.io/core:/stable:/v1.33/deb/Release.key',
  })
  t.match(paramsOf(stepsOf(kubePackages, cluster(systems.rhel9), 'node1'), 'kube_repository'), {
    url: 'https://pkgs.k8s.io/core:/stable:/v1.34/rpm/',
    key_url: 'https://pkgs.k8s.io/core:/stable:/v1.34/rpm/repodata/repomd.xml.key',
  })
  t.match(
    paramsOf(stepsOf(kubePackages, hosts, 'node1', { kube_packages_repo: 'http://192.0.2.1/k8s' }), 'kube_repository'),
    {
      url: 'http://192.0.2.1/k8s/',
      key_url: 'http://192.0.2.1/k8s/Release.key',
    },
  )
})

t.test('kube-packages: installed before they are held, crictl asked for by name', async t => {
  const steps = stepsOf(kubePackages, hosts, 'node1')
  const modules = steps.map(step => step.module)
  t.ok(
    modules.indexOf('kube_repository') < modules.indexOf('apt') &&
      modules.indexOf('apt') < modules.indexOf('dpkg_selections'),
  )
  const names = paramsOf(steps, 'apt')['name'] as readonly string[]
  for (const name of ['kubelet=1.34.4-*', 'kubeadm=1.34.4-*', 'kubectl=1.34.4-*', 'cri-tools', 'conntrack'])
    t.ok(names.includes(name), name)
  t.equal(paramsOf(stepsOf(kubePackages, cluster(systems.rhel9), 'node1'), 'dnf')['disable_excludes'], 'kubernetes')
})

t.test('kube-packages: cgroup v1 is refused where the kubelet would refuse it', async t => {
  const v1 = cluster(systems.debian12, host => ({ ...host, facts: { ...host.facts, cgroup_version: 1 } }))
  t.same(findingsOf(kubePackages, v1, 'node2'), [])
  t.match(findingsOf(kubePackages, v1, 'node2', { kubernetes_version: '1.35.1' }), [
    { level: 'error', host: 'node2', what: /cgroup v1/ },
  ])
  t.same(
    findingsOf(kubePackages, v1, 'node2', { kubernetes_version: '1.35.1', kubeadm_kubelet: { failCgroupV1: false } }),
    [],
  )
  t.match(findingsOf(kubePackages, hosts, 'node2', { kubernetes_version: '1.30.1' }), [{ what: /too old/ }])
})

t.test('master-init: on the first control plane alone, with its own address', async t => {
  t.same(stepsOf(masterInit, hosts, 'node2'), [])
  const init = paramsOf(stepsOf(masterInit, hosts, 'node1', { kubeadm_proxy: { mode: 'nftables' } }), 'kubeadm_init')
  t.match(init, {
    node_name: 'node1',
    node_address: '192.0.2.11',
    control_plane_endpoint: 'cluster-endpoint:6443',
    proxy: { mode: 'nftables' },
  })
})

t.test('master-init: networks that overlap are found before anything is changed', async t => {
  const found = (given: JsonObject) => findingsOf(masterInit, hosts, 'node1', given).map(finding => finding.what)
  t.same(found({}), [])
  t.match(found({ pod_subnet: '10.96.0.0/16' }), [/overlap/])
  t.match(found({ pod_subnet: '192.0.2.0/24' }), [/node1 .*lies in pod_subnet/, /node2/, /node3/])
  t.match(found({ service_subnet: '192.0.0.0/16' }), [/node1 .*lies in service_subnet/, /node2/, /node3/])
})

t.test('calico: the pool is the pod network, and a mirror serves', async t => {
  const manifest = paramsOf(stepsOf(calico, hosts, 'node1', { pod_subnet: '10.128.0.0/16' }), 'kube_manifest')
  t.match(JSON.stringify(manifest['patches']), '{"name":"CALICO_IPV4POOL_CIDR","value":"10.128.0.0/16"}')
  t.match(manifest['url'], /projectcalico\/calico\/v3\.28\.5\/manifests\/calico-vxlan\.yaml$/)
  t.equal(
    paramsOf(stepsOf(calico, hosts, 'node1', { calico_manifest_url: 'http://192.0.2.1/c.yaml' }), 'kube_manifest')[
      'url'
    ],
    'http://192.0.2.1/c.yaml',
  )
  t.same(stepsOf(calico, hosts, 'node1', { cni: 'none' }), [])
  t.same(stepsOf(calico, hosts, 'node2'), [])
})

t.test('worker-join: workers alone; a host in both groups is a control plane', async t => {
  t.same(stepsOf(workerJoin, hosts, 'node1'), [])
  t.match(paramsOf(stepsOf(workerJoin, hosts, 'node3'), 'kubeadm_join'), {
    node_name: 'node3',
    node_address: '192.0.2.13',
  })
  const both = cluster(systems.debian12, host => ({ ...host, groups: [...host.groups, 'workers'] }))
  t.same(stepsOf(workerJoin, both, 'node1'), [])
})

t.test('reset: the cluster ends before its packages go, and only what was asked for', async t => {
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
    ['systemd', 'kubeadm_reset'],
  )
})
