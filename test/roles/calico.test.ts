import t from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import type { RoleStep } from '../../engine/core/role.js'
import calico from '../../roles/calico/role.js'
import { cluster, findingsOf, paramsOf, roleParams, stepsOf, systems, viewOf } from '../support/role-view.js'

const hosts = cluster(systems.debian12)

t.test('the pool is the pod network, and a mirror serves', async t => {
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

t.test('of two networks the pool gets that for IPv4', async t => {
  const steps = stepsOf(calico, hosts, 'node1', { pod_subnet: 'fd00:10:244::/56,10.128.0.0/16' })
  t.match(paramsOf(steps, 'calico_pool'), { cidr: '10.128.0.0/16' })
  t.match(JSON.stringify(paramsOf(steps, 'kube_manifest')), '{"name":"CALICO_IPV4POOL_CIDR","value":"10.128.0.0/16"}')
  t.throws(
    () => stepsOf(calico, hosts, 'node1', { pod_subnet: 'ten' }),
    'what is no network is an error of the inventory',
  )
})

t.test("a node's address is the one that the cluster knows it by", async t => {
  const patches = (given: JsonObject) =>
    JSON.stringify(paramsOf(stepsOf(calico, hosts, 'node1', given), 'kube_manifest')['patches'])
  t.match(patches({}), '{"name":"IP_AUTODETECTION_METHOD","value":"kubernetes-internal-ip"}')
  t.match(patches({ calico_ip_autodetection: 'interface=eth1' }), '"interface=eth1"')
})

t.test('the manifest is pinned, and it is said where it is not', async t => {
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

t.test('its addresses are looked at before its manifest is applied', async t => {
  const modules = stepsOf(calico, hosts, 'node1').map(step => step.module)
  t.same(modules, ['calico_pool', 'kube_manifest', 'kube_wait'])
})

t.test('with Typha beyond 50 hosts, or where it is asked for, and still VXLAN', async t => {
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

t.test('by its operator, which is waited for', async t => {
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

t.test("what is merged into the operator's Installation, and what it has no word for", async t => {
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

t.test('flannel in its place', async t => {
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

t.test('behind a proxy the manifest is fetched by way of it, and the API server is not', async t => {
  const steps = calico.steps(
    roleParams(calico, { https_proxy: 'http://proxy.example.com:3128' }),
    viewOf(hosts, 'node1'),
  ) as readonly RoleStep[]
  const environment = steps.find(step => step.module === 'kube_manifest')?.options.environment ?? {}
  t.equal(environment['https_proxy'], 'http://proxy.example.com:3128')
  t.match(environment['no_proxy'], 'cluster-endpoint')
  t.match(environment['NO_PROXY'], 'cluster-endpoint')
})
