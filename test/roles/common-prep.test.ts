import t from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import role from '../../roles/common-prep/role.js'
import { cluster, findingsOf, type HostGiven, stepsOf, systems } from '../support/role-view.js'

const at = (steps: readonly { readonly module: string }[], module: string): number =>
  steps.findIndex(step => step.module === module)

for (const [system, facts] of Object.entries(systems)) {
  t.test(`${system}: kernel modules come before the sysctls that they bring`, async t => {
    const steps = stepsOf(role, cluster(facts), 'node2')
    t.ok(at(steps, 'modprobe') >= 0 && at(steps, 'modprobe') < at(steps, 'sysctl'))
    t.ok(
      steps.findLastIndex(step => step.module === 'modprobe') < at(steps, 'sysctl'),
      'all modules before the first sysctl',
    )
  })

  t.test(`${system}: swap's lines get our mark before the module comments them out`, async t => {
    const steps = stepsOf(role, cluster(facts), 'node2')
    t.ok(at(steps, 'replace') < at(steps, 'swap'))
    const [line] = steps
      .filter(step => step.module === 'replace')
      .map(step => step.params as { readonly regexp: string })
    const swap = new RegExp(line?.regexp ?? '', 'gm')
    t.equal('/dev/sda2 none swap sw 0 0\n'.replace(swap, '#tkplay# $1'), '#tkplay# /dev/sda2 none swap sw 0 0\n')
    t.equal('# /swap none swap sw 0 0\n'.replace(swap, 'x'), '# /swap none swap sw 0 0\n', 'a comment stays')
    t.equal(
      '/dev/sda1 /swap ext4 rw 0 0\n'.replace(swap, 'x'),
      '/dev/sda1 /swap ext4 rw 0 0\n',
      'a folder of that name stays',
    )
  })
}

t.test('before a worker is changed the cluster is asked for its name', async t => {
  const steps = stepsOf(role, cluster(systems.debian12), 'node2')
  t.match(steps[2], {
    module: 'kube_node',
    params: { name: 'node2', state: 'free', machine_id: 'machine-2', address: '192.0.2.12' },
  })
  const asksWhere = (host: string, change: (one: HostGiven) => HostGiven): boolean => {
    const hosts = cluster(systems.debian12, one => (one.name === 'node1' ? change(one) : one))
    return stepsOf(role, hosts, host).some(step => step.module === 'kube_node')
  }
  const unknown = ({ facts: _, ...one }: HostGiven): HostGiven => one
  t.notOk(
    asksWhere('node1', one => one),
    'a control plane does not join',
  )
  t.ok(
    asksWhere('node2', one => ({ ...unknown(one), inPlay: false })),
    '-l left the control plane out',
  )
  t.notOk(asksWhere('node2', unknown), 'it is not there')
})

t.test('the sysctls have the last word at boot', async t => {
  const steps = stepsOf(role, cluster(systems.debian12), 'node2').filter(step => step.module === 'sysctl')
  t.equal(steps.length, 3)
  for (const { params } of steps) {
    t.match(params, { last_at_boot: true })
    t.ok(String((params as JsonObject)['sysctl_file']) > '/etc/sysctl.d/99-zz.conf')
  }
})

t.test('SELinux is touched only where there is one', async t => {
  t.equal(at(stepsOf(role, cluster(systems.debian12), 'node1'), 'selinux'), -1)
  t.not(at(stepsOf(role, cluster(systems.rhel9), 'node1'), 'selinux'), -1)
  t.equal(at(stepsOf(role, cluster(systems.rhel9), 'node1', { selinux: 'keep' }), 'selinux'), -1)
})

t.test('what the user keeps is left alone', async t => {
  const steps = stepsOf(role, cluster(systems.ubuntu2404), 'node1', {
    swap: 'keep',
    firewall: 'keep',
    hosts_file: false,
  })
  t.equal(at(steps, 'swap'), -1)
  t.equal(at(steps, 'systemd'), -1)
  t.notOk(steps.some(step => JSON.stringify(step.params).includes('/etc/hosts')))
})

const block = (given: { readonly [name: string]: string }, hosts: readonly HostGiven[] = cluster(systems.debian12)) => {
  const step = stepsOf(role, hosts, 'node3', given).find(one => one.name === 'names of all hosts')
  return String((step?.params as JsonObject | undefined)?.['block'])
}

t.test('/etc/hosts has all hosts, and the default endpoint', async t => {
  t.equal(block({}), '192.0.2.11 node1\n192.0.2.12 node2\n192.0.2.13 node3\n192.0.2.11 cluster-endpoint')
})

t.test("a name of the user's own is left to DNS, unless its address is given", async t => {
  t.notMatch(block({ control_plane_endpoint: 'k8s.example.com:6443' }), /k8s/)
  t.match(
    block({ control_plane_endpoint: 'k8s.example.com:6443', control_plane_endpoint_address: '192.0.2.9' }),
    /^192\.0\.2\.9 k8s\.example\.com$/m,
  )
  t.notMatch(block({ control_plane_endpoint: '192.0.2.11:6443' }), /11 192/)
})

t.test('a host that the inventory names differently has both names', async t => {
  const hosts = cluster(systems.debian12, host => (host.name === 'node2' ? { ...host, name: 'web.example.com' } : host))
  t.match(block({}, hosts), /^192\.0\.2\.12 node2 web\.example\.com$/m)
})

const opened = (host: string, given: JsonObject = {}): JsonObject =>
  stepsOf(role, cluster(systems.ubuntu2404), host, { firewall: 'open', ...given }).find(
    step => step.module === 'firewall_open',
  )?.params as JsonObject

t.test('an open firewall lets in what each kind of host needs', async t => {
  const ports = (host: string, given?: JsonObject): readonly string[] =>
    opened(host, given)['ports'] as readonly string[]
  for (const port of ['6443/tcp', '2379-2380/tcp']) {
    t.ok(ports('node1').includes(port), port)
    t.notOk(ports('node2').includes(port), `${port} on a worker`)
  }
  for (const port of ['10250/tcp', '4789/udp', '30000-32767/udp', '7472/tcp', '7946/udp']) {
    t.ok(ports('node2').includes(port), port)
  }
  t.notMatch(ports('node1').join(' '), /10257|10259/, 'these listen on the loopback alone')
  t.match(ports('node2', { cni: 'flannel' }).join(' '), /8472\/udp/)
  t.notMatch(ports('node2', { cni: 'flannel' }).join(' '), /4789/)
  t.same(opened('node2', { pod_subnet: '10.128.0.0/16' })['sources'], ['10.128.0.0/16'])
})

const free = (host: string, given: JsonObject = {}): JsonObject =>
  stepsOf(role, cluster(systems.debian12), host, given)[0]?.params as JsonObject

t.test('before anything else it looks whether the machine is free', async t => {
  t.match(free('node1'), { ports: [6443, 2379, 2380, 10257, 10259, 10250, 10256], names: [] })
  t.match(free('node2'), { ports: [10250, 10256], cni_config: '10-calico.conflist' })
  t.match(free('node2', { cni: 'flannel' }), { cni_config: '10-flannel.conflist' })
  t.match(free('node2', { cni: 'none' }), { cni_config: '' }, 'whose network it is, is the user’s business')
})

t.test('a name that /etc/hosts will not have must resolve already', async t => {
  const own = { control_plane_endpoint: 'k8s.example.com:6443' }
  t.same(free('node2', own)['names'], ['k8s.example.com'])
  t.same(free('node2', { ...own, control_plane_endpoint_address: '192.0.2.9' })['names'], [])
  t.same(free('node2', { ...own, extra_hosts: { 'k8s.example.com': '192.0.2.9' } })['names'], [])
  t.same(free('node2', { hosts_file: false })['names'], ['cluster-endpoint'])
  t.same(free('node2', { control_plane_endpoint: '192.0.2.11:6443' })['names'], [])
})

const changed = (facts: { readonly [name: string]: string | number }, only = 'node1') =>
  cluster(systems.debian12, host => (host.name === only ? { ...host, facts: { ...host.facts, ...facts } } : host))

/** The controller's own clock is an hour slow: that is nobody's fault. */
const ahead = (seconds: number) =>
  cluster(systems.debian12, host => ({
    ...host,
    facts: { ...host.facts, clock_offset: 3600 + (host.name === 'node2' ? seconds : 0) },
  }))

t.test('clocks: an error only where joins would fail', async t => {
  t.match(findingsOf(role, ahead(-400), 'node2'), [{ level: 'error', host: 'node2' }])
  t.match(findingsOf(role, ahead(31), 'node2'), [{ level: 'warning', host: 'node2' }])
  for (const host of ['node1', 'node3']) t.same(findingsOf(role, ahead(-400), host), [])
  t.same(findingsOf(role, ahead(29), 'node2'), [])
})

t.test('a clone of a host outside of the play is named at the one inside', async t => {
  const hosts = changed({ machine_id: 'machine-2' }).map(host => ({ ...host, inPlay: host.name === 'node2' }))
  t.match(findingsOf(role, hosts, 'node2'), [{ what: /node1 and node2 have the same machine-id/, host: 'node2' }])
})

t.test('findings: a fit cluster has none', async t => {
  for (const host of ['node1', 'node2', 'node3']) t.same(findingsOf(role, cluster(systems.debian12), host), [])
})

const findings: readonly {
  readonly name: string
  readonly hosts: readonly HostGiven[]
  readonly host?: string
  readonly what: RegExp
  readonly remedy: RegExp
}[] = [
  { name: 'one CPU', hosts: changed({ processor_vcpus: 1 }), what: /1 CPU: a control plane needs 2/, remedy: /NumCPU/ },
  { name: 'too little memory', hosts: changed({ memtotal_mb: 1024 }), what: /1024 MB/, remedy: /Mem/ },
  { name: 'no systemd', hosts: changed({ service_mgr: 'openrc' }), what: /openrc/, remedy: /systemd/ },
  {
    name: 'a name that no Node can have',
    hosts: changed({ nodename: 'My_Host' }),
    what: /my_host/,
    remedy: /node_name/,
  },
  {
    name: 'clones: machine-id',
    hosts: changed({ machine_id: 'machine-2' }),
    what: /node1 and node2 have the same machine-id/,
    remedy: /systemd-machine-id-setup/,
  },
  { name: 'clones: hostname', hosts: changed({ nodename: 'node3' }), what: /same node name/, remedy: /hostnamectl/ },
  {
    name: 'clones: product_uuid',
    hosts: changed({ product_uuid: 'uuid-3' }),
    what: /product_uuid/,
    remedy: /hypervisor/,
  },
  { name: 'a clock that is wrong', hosts: ahead(-400), host: 'node2', what: /400 s behind node1's/, remedy: /set-ntp/ },
  { name: 'a clock that is off', hosts: ahead(31), host: 'node2', what: /31 s ahead of node1's/, remedy: /set-ntp/ },
  {
    name: 'no control plane',
    hosts: cluster(systems.debian12, host => ({ ...host, groups: ['workers'] })),
    what: /control_plane is empty/,
    remedy: /group control_plane/,
  },
  {
    name: 'two control planes',
    hosts: cluster(systems.debian12, host => (host.name === 'node2' ? { ...host, groups: ['control_plane'] } : host)),
    what: /2 control planes/,
    remedy: /odd/,
  },
]

for (const { name, hosts, host = 'node1', what, remedy } of findings) {
  t.test(`finding: ${name}`, async t => {
    const [found, ...more] = findingsOf(role, hosts, host)
    t.match(found?.what, what)
    t.match(found?.remedy, remedy)
    t.same(more, [])
  })
}

t.test('what is not known is not held against a machine', async t => {
  const hosts = cluster(systems.debian12, host => ({ ...host, facts: { ...systems.debian12, product_uuid: 'NA' } }))
  t.same(
    findingsOf(role, hosts, 'node1').filter(finding => finding.level === 'error' && !/node name/.test(finding.what)),
    [],
  )
})

t.test('a check that the user excused is no finding', async t => {
  t.same(
    findingsOf(role, changed({ processor_vcpus: 1 }), 'node1', { kubeadm_ignore_preflight_errors: ['NumCPU'] }),
    [],
  )
})

t.test('a worker may be small', async t => {
  t.same(findingsOf(role, changed({ processor_vcpus: 1, memtotal_mb: 512 }, 'node2'), 'node2'), [])
})
