import t from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import type { RoleStep } from '../../engine/core/role.js'
import calico from '../../roles/calico/role.js'
import docker from '../../roles/docker/role.js'
import kubePackages from '../../roles/kube-packages/role.js'
import masterInit from '../../roles/master-init/role.js'
import reset from '../../roles/reset/role.js'
import workerJoin from '../../roles/worker-join/role.js'
import { cluster, findingsOf, roleParams, stepsOf, systems, viewOf } from '../support/role-view.js'

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

t.test('kubelets: one configuration for all, and patches of kubeadm where the node was told of them', async t => {
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

t.test('master-init: networks that overlap are found before anything is changed', async t => {
  const found = (given: JsonObject) => findingsOf(masterInit, hosts, 'node1', given).map(finding => finding.what)
  t.same(found({}), [])
  t.match(found({ pod_subnet: '10.96.0.0/16' }), [/overlap/])
  t.match(found({ pod_subnet: 'fd00::/56,10.96.0.0/16' }), [/overlap/])
  t.match(found({ pod_subnet: '192.0.2.0/24' }), [/node1 .*lies in pod_subnet/, /node2/, /node3/])
  t.match(found({ service_subnet: '192.0.0.0/16' }), [/node1 .*lies in service_subnet/, /node2/, /node3/])
})

t.test('master-init: a name server on the loopback would have CoreDNS ask itself', async t => {
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

t.test('calico: of two networks the pool gets that for IPv4', async t => {
  const steps = stepsOf(calico, hosts, 'node1', { pod_subnet: 'fd00:10:244::/56,10.128.0.0/16' })
  t.match(paramsOf(steps, 'calico_pool'), { cidr: '10.128.0.0/16' })
  t.match(JSON.stringify(paramsOf(steps, 'kube_manifest')), '{"name":"CALICO_IPV4POOL_CIDR","value":"10.128.0.0/16"}')
  t.throws(
    () => stepsOf(calico, hosts, 'node1', { pod_subnet: 'ten' }),
    'what is no network is an error of the inventory',
  )
})

t.test("calico: a node's address is the one that the cluster knows it by", async t => {
  const patches = (given: JsonObject) =>
    JSON.stringify(paramsOf(stepsOf(calico, hosts, 'node1', given), 'kube_manifest')['patches'])
  t.match(patches({}), '{"name":"IP_AUTODETECTION_METHOD","value":"kubernetes-internal-ip"}')
  t.match(patches({ calico_ip_autodetection: 'interface=eth1' }), '"interface=eth1"')
})

t.test('calico: the manifest is pinned, and it is said where it is not', async t => {
  const pin = (given: JsonObject) => paramsOf(stepsOf(calico, hosts, 'node1', given), 'kube_manifest')['sha256']
  const found = (given: JsonObject, host = 'node1') => findingsOf(calico, hosts, host, given)
  t.match(pin({}), /^034b1544/)
  t.match(pin({ calico_version: 'v3.31.7' }), /^324475bc/)
  t.same(found({}), [])
  const mirror = { calico_manifest_url: 'http://192.0.2.1/c.yaml' }
  t.equal(pin(mirror), undefined, 'nobody knows what a mirror has')
  t.match(found(mirror), [{ level: 'warning', what: /192\.0\.2\.1.* is applied/, remedy: /calico_manifest_sha256/ }])
  t.same(found(mirror, 'node2'), [])
  t.equal(pin({ ...mirror, calico_manifest_sha256: 'a'.repeat(64) }), 'a'.repeat(64))
  t.match(found({ calico_version: 'v3.27.0' }), [{ what: /not pinned/ }])
})

t.test('calico: its addresses are looked at before its manifest is applied', async t => {
  const modules = stepsOf(calico, hosts, 'node1').map(step => step.module)
  t.same(modules, ['calico_pool', 'kube_manifest', 'kube_wait'])
})

t.test('calico: with Typha beyond 50 hosts, or where it is asked for, and still VXLAN', async t => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...(hosts.at(-1) as (typeof hosts)[number]),
      name: `more${at}`,
    }))
  const of = (given: JsonObject, more = 0) => stepsOf(calico, [...hosts, ...many(more)], 'node1', given)
  const url = (...args: Parameters<typeof of>) => String(paramsOf(of(...args), 'kube_manifest')['url'])
  t.match(url({}, 47), /calico-vxlan\.yaml$/, '50 hosts')
  t.match(url({}, 48), /calico-typha\.yaml$/, '51 hosts')
  t.match(url({ calico_typha: 'never' }, 48), /calico-vxlan\.yaml$/)
  const steps = of({ calico_typha: 'always' })
  const manifest = paramsOf(steps, 'kube_manifest')
  t.match(manifest, { url: /calico-typha\.yaml$/, sha256: /^0126ae47/ })
  const patches = JSON.stringify(manifest['patches'])
  for (const part of [
    '"calico_backend":"vxlan"',
    '{"name":"CALICO_IPV4POOL_IPIP","value":"Never"}',
    '{"name":"CALICO_IPV4POOL_VXLAN","value":"CrossSubnet"}',
    '["/bin/calico-node","-felix-ready"]',
  ])
    t.match(patches, part)
  const always = of({ calico_typha: 'always', calico_vxlan: 'Always' })
  t.match(JSON.stringify(always), '{"name":"CALICO_IPV4POOL_VXLAN","value":"Always"}')
  t.match(JSON.stringify(paramsOf(steps, 'kube_wait')), /calico-typha.*calico-node.*coredns/)
})

t.test('calico: by its operator, which is waited for', async t => {
  const given = { calico_install: 'operator', pod_subnet: '10.128.0.0/16' }
  const steps = stepsOf(calico, hosts, 'node1', given)
  t.same(
    steps.map(step => step.module),
    ['calico_pool', 'kube_manifest', 'kube_manifest', 'kube_wait'],
  )
  t.match(paramsOf(steps, 'calico_pool'), { cidr: '10.128.0.0/16', install: 'operator' })
  t.match(paramsOf(steps, 'kube_manifest'), {
    url: /v3\.28\.5\/manifests\/tigera-operator\.yaml$/,
    sha256: /^69159fe3/,
  })
  t.match(steps[2]?.params, {
    definition: {
      kind: 'Installation',
      spec: {
        calicoNetwork: {
          bgp: 'Disabled',
          nodeAddressAutodetectionV4: { kubernetes: 'NodeInternalIP' },
          ipPools: [{ cidr: '10.128.0.0/16', encapsulation: 'VXLANCrossSubnet' }],
        },
        kubeletVolumePluginPath: 'None',
      },
    },
  })
  t.match(JSON.stringify(paramsOf(steps, 'kube_wait')), /tigera-operator.*TigeraStatus.*calico-typha.*coredns/)
  const later = stepsOf(calico, hosts, 'node1', { ...given, calico_version: 'v3.31.7' })
  t.match(
    later.filter(step => step.module === 'kube_manifest').map(step => step.params),
    [
      { url: /operator-crds\.yaml$/, sha256: /^380414d5/ },
      { url: /tigera-operator\.yaml$/, sha256: /^092c10b3/ },
      { definition: { spec: { calicoNetwork: { ipPools: [{ assignmentMode: 'Automatic' }] } } } },
    ],
    'from 3.30 on the definitions of kinds lie apart',
  )
})

t.test("calico: what is merged into the operator's Installation, and what it has no word for", async t => {
  const spec = (given: JsonObject) =>
    JSON.stringify(stepsOf(calico, hosts, 'node1', { calico_install: 'operator', ...given })[2]?.params)
  t.match(spec({ calico_installation: { registry: 'mirror.example.com/' } }), '"registry":"mirror.example.com/"')
  t.match(spec({ calico_vxlan: 'Always' }), '"encapsulation":"VXLAN"')
  for (const [method, words] of [
    ['cidr=192.0.2.0/24,198.51.100.0/24', '{"cidrs":["192.0.2.0/24","198.51.100.0/24"]}'],
    ['interface=eth1', '{"interface":"eth1"}'],
    ['skip-interface=docker.*', '{"skipInterface":"docker.*"}'],
    ['can-reach=192.0.2.1', '{"canReach":"192.0.2.1"}'],
    ['first-found', '{"firstFound":true}'],
  ])
    t.match(spec({ calico_ip_autodetection: method ?? '' }), words)
  const found = (given: JsonObject) => findingsOf(calico, hosts, 'node1', { calico_install: 'operator', ...given })
  t.same(found({}), [])
  t.match(found({ calico_env: { FELIX_IPV6SUPPORT: 'false' } }), [
    { level: 'error', what: /^calico_env has no effect/ },
  ])
  t.match(found({ calico_vxlan: 'Never' }), [{ level: 'error', remedy: /CrossSubnet; or leave it out,/ }])
  t.strictSame(found({ calico_installation: { calicoNetwork: { bgp: 'Enabled' } } }), [], 'as the remedy says')
  t.match(found({ calico_ip_autodetection: 'kubernetes' }), [{ level: 'error', what: /has no word for/ }])
  t.match(found({ calico_operator_url: 'http://192.0.2.1/o.yaml' }), [
    { level: 'warning', remedy: /calico_operator_sha256/ },
  ])
  t.same(findingsOf(calico, hosts, 'node1', { calico_env: { A: 'b' } }), [], 'the manifest takes it')
})

t.test('calico: flannel in its place', async t => {
  const steps = stepsOf(calico, hosts, 'node1', { cni: 'flannel', pod_subnet: '10.128.0.0/16', flannel_iface: 'eth1' })
  t.same(
    steps.map(step => step.module),
    ['calico_pool', 'kube_manifest', 'kube_wait'],
  )
  const manifest = paramsOf(steps, 'kube_manifest')
  t.match(manifest, { url: /flannel-io\/flannel\/v0\.28\.9\/Documentation\/kube-flannel\.yml$/, sha256: /^e875824b/ })
  const [config, daemon] = manifest['patches'] as readonly JsonObject[]
  t.match(config, { kind: 'ConfigMap', name: 'kube-flannel-cfg' })
  t.match(JSON.stringify(config), String.raw`\"Network\":\"10.128.0.0/16\"`)
  t.match(JSON.stringify(daemon), '{"name":"FLANNELD_IFACE","value":"eth1"}')
  t.match(JSON.stringify(paramsOf(steps, 'kube_wait')), /kube-flannel-ds.*coredns/)
})

t.test('calico: behind a proxy the manifest is fetched by way of it, and the API server is not', async t => {
  const steps = calico.steps(
    roleParams(calico, { https_proxy: 'http://proxy.example.com:3128' }),
    viewOf(hosts, 'node1'),
  ) as readonly RoleStep[]
  const environment = steps.find(step => step.module === 'kube_manifest')?.options.environment ?? {}
  t.equal(environment['https_proxy'], 'http://proxy.example.com:3128')
  t.match(environment['no_proxy'], 'cluster-endpoint')
  t.match(environment['NO_PROXY'], 'cluster-endpoint')
})

t.test("docker: the pause image comes from kubeadm's own repository of images", async t => {
  const pause = (given: JsonObject) =>
    paramsOf(stepsOf(docker, hosts, 'node1', given), 'containerd_config')['pause_image']
  t.equal(pause({ kubeadm_image_repository: 'registry.example.com/k8s' }), 'registry.example.com/k8s/pause:3.10.1')
})

t.test('docker: a containerd that this Kubernetes may be too new for is told', async t => {
  const found = (given: JsonObject) => findingsOf(docker, hosts, 'node1', given)
  t.same(found({ kubernetes_version: '1.35.4' }), [])
  t.match(found({ kubernetes_version: '1.36.3' }), [
    { level: 'warning', what: /containerd 2/, remedy: /containerd_repo_url/ },
  ])
  t.same(found({ kubernetes_version: '1.36.3', containerd_repo_url: 'https://download.docker.com/linux/debian' }), [])
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
    ['stat', 'systemd', 'kubeadm_reset', 'debug'],
  )
})

t.test(
  'reset: a worker that leaves a cluster that stays goes by way of the control plane, before all else',
  async t => {
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
    t.match(asked.slice(1, 3), [
      { options: { delegateTo: 'node1', throttle: 1 } },
      { options: { delegateTo: 'node1' } },
    ])
    t.notOk(
      stepsOf(reset, hosts, 'node1', { reset_drain: true }).some(step => step.module === 'kube_node'),
      'a control plane is not drained',
    )
  },
)

t.test('reset: pods are moved only where a worker stays that can take them', async t => {
  const leave = (...names: readonly string[]) => hosts.map(host => ({ ...host, inPlay: names.includes(host.name) }))
  const drain = { reset_drain: true }
  t.same(findingsOf(reset, leave('node3'), 'node3', drain), [])
  for (const all of [hosts, leave('node2', 'node3')])
    t.match(findingsOf(reset, all, 'node3', drain), [{ level: 'error', host: 'node3', what: /no worker/ }])
  t.same(findingsOf(reset, hosts, 'node3', {}), [])
  t.same(findingsOf(reset, hosts, 'node1', drain), [])
})

t.test('reset: without a control plane in the inventory nobody can be asked', async t => {
  const workers = hosts.filter(host => host.name !== 'node1')
  t.match(findingsOf(reset, workers, 'node3', { reset_drain: true }), [{ level: 'error', host: 'node3' }])
  t.same(findingsOf(reset, workers, 'node3', {}), [])
})
