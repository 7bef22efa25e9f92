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

const firewall = (host: string) =>
  stepsOf(role, cluster(systems.ubuntu2404), host, { firewall: 'open' })
    .filter(step => step.module === 'shell')
    .map(step => (step.params as { readonly cmd: string }).cmd)
    .join('\n')

t.test('an open firewall lets in what each kind of host needs', async t => {
  t.match(firewall('node1'), /ufw allow 6443\/tcp/)
  t.match(firewall('node1'), /--add-port=2379-2380\/tcp/)
  t.notMatch(firewall('node2'), /6443|2379/)
  for (const port of ['10250/tcp', '4789/udp', '30000:32767/udp']) t.match(firewall('node2'), `ufw allow ${port}`)
  t.notMatch(firewall('node1'), /10257|10259/, 'these listen on the loopback alone')
})

const changed = (facts: { readonly [name: string]: string | number }, only = 'node1') =>
  cluster(systems.debian12, host => (host.name === only ? { ...host, facts: { ...host.facts, ...facts } } : host))

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

for (const { name, hosts, what, remedy } of findings) {
  t.test(`finding: ${name}`, async t => {
    const [found, ...more] = findingsOf(role, hosts, 'node1')
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
