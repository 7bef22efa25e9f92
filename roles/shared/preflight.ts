import { isJsonObject, type JsonObject } from '../../engine/core/json.js'
import type { Finding, HostView, View } from '../../engine/core/role.js'
import { floorMinor, parseVersion } from '../../engine/modules/kube/host/version.js'
import { controlPlanes, fact, isControlPlane, nodeAddress, nodeName, nodes } from './cluster.js'
import { ipv4Network, isInside, overlap, parseNetwork } from './networks.js'

/** kubeadm's minimum for a control plane: 2 CPUs, 1700 MB. */
const minimumCpus = 2
const minimumMegabytes = 1700
/** The first minor version whose kubelet refuses cgroup v1 without `failCgroupV1: false`. */
const cgroup2Minor = 35

const error = (what: string, remedy: string, host?: string): Finding => ({
  level: 'error',
  what,
  remedy,
  ...(host === undefined ? {} : { host }),
})
const warning = (what: string, remedy: string, host?: string): Finding => ({
  ...error(what, remedy, host),
  level: 'warning',
})

/** Checks of the machine, which kubeadm would make only after everything is installed. */
export const machineFindings = (ignored: readonly string[], view: View): readonly Finding[] => {
  const { host } = view
  const cpus = Number(fact(host, 'processor_vcpus') ?? minimumCpus)
  const memory = Number(fact(host, 'memtotal_mb') ?? minimumMegabytes)
  const excused = (check: string) => ignored.some(one => one === 'all' || one.toLowerCase() === check.toLowerCase())
  const findings: Finding[] = []
  if (isControlPlane(view) && cpus < minimumCpus && !excused('NumCPU')) {
    findings.push(
      error(
        `${cpus} CPU: a control plane needs ${minimumCpus}`,
        'give it another CPU, or add NumCPU to kubeadm_ignore_preflight_errors',
        host.name,
      ),
    )
  }
  if (isControlPlane(view) && memory < minimumMegabytes && !excused('Mem')) {
    findings.push(
      error(
        `${memory} MB of memory: a control plane needs ${minimumMegabytes}`,
        'give it more memory, or add Mem to kubeadm_ignore_preflight_errors',
        host.name,
      ),
    )
  }
  const manager = fact(host, 'service_mgr')
  if (manager !== undefined && manager !== 'systemd') {
    findings.push(
      error(
        `the service manager is ${String(manager)}: these roles need systemd`,
        'use a distribution that boots with systemd',
        host.name,
      ),
    )
  }
  const name = nodeName(host)
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(name) || name.length > 63) {
    findings.push(
      error(
        `'${name}' cannot be the name of a Node`,
        'give the host a name of lower-case letters, digits and hyphens, or set node_name',
        host.name,
      ),
    )
  }
  return findings
}

interface Identity {
  readonly what: string
  readonly remedy: string
  of(host: HostView): string | undefined
}

const textFact = (host: HostView, ...path: readonly string[]): string | undefined => {
  const value = fact(host, ...path)
  return typeof value === 'string' && value !== '' && value !== 'NA' ? value : undefined
}

const identities: readonly Identity[] = [
  {
    what: 'node name',
    remedy: 'give each host a hostname of its own: hostnamectl set-hostname NAME',
    of: host => (host.facts === undefined ? undefined : nodeName(host)),
  },
  {
    what: 'machine-id',
    remedy: 'the machines are clones: on each but one `rm /etc/machine-id && systemd-machine-id-setup`, then reboot it',
    of: host => textFact(host, 'machine_id'),
  },
  {
    what: 'product_uuid',
    remedy: 'give each virtual machine a UUID of its own in its hypervisor',
    of: host => textFact(host, 'product_uuid'),
  },
  {
    what: 'MAC address',
    remedy: 'give each network card a MAC address of its own in the hypervisor',
    of: host => textFact(host, 'default_ipv4', 'macaddress'),
  },
  {
    what: 'address',
    remedy: 'give each host an address of its own: node_address',
    of: nodeAddress,
  },
]

/**
 * Errors for clones of one machine, which the cluster would take for one node. Reported once, for the first host of the
 * play that has the identity.
 */
export const duplicateFindings = (view: View): readonly Finding[] =>
  identities.flatMap(({ what, remedy, of }) => {
    const own = of(view.host)
    const same = own === undefined ? [] : nodes(view).filter(host => of(host) === own)
    if (same.length < 2 || same.find(host => host.inPlay)?.name !== view.host.name) return []
    return [error(`${same.map(host => host.name).join(' and ')} have the same ${what}: ${own}`, remedy, view.host.name)]
  })

export const versionFindings = (version: string, kubelet: unknown, view: View): readonly Finding[] => {
  const minor = parseVersion(version)?.minor ?? floorMinor
  if (minor < floorMinor) {
    return [
      error(
        `Kubernetes ${version} is too old: kubeadm's v1beta4 is known from 1.${floorMinor} on`,
        `set kubernetes_version to 1.${floorMinor}.0 or later`,
      ),
    ]
  }
  const allowed =
    isJsonObject(kubelet as never) && (kubelet as { readonly [key: string]: unknown })['failCgroupV1'] === false
  if (minor < cgroup2Minor || allowed || fact(view.host, 'cgroup_version') !== 1) return []
  return [
    error(
      `cgroup v1: Kubernetes 1.${cgroup2Minor} and later refuse it`,
      'boot with systemd.unified_cgroup_hierarchy=1, or take kubernetes_version 1.34, or set kubeadm_kubelet: {failCgroupV1: false}',
      view.host.name,
    ),
  ]
}

interface Networks {
  readonly pod_subnet: string
  readonly service_subnet: string
}

/** Errors for networks of pods, services and machines that overlap, since addresses in both would be unreachable. */
export const networkFindings = (p: Networks, view: View): readonly Finding[] => {
  const pods = parseNetwork(ipv4Network(p.pod_subnet))
  const services = parseNetwork(ipv4Network(p.service_subnet))
  const findings: Finding[] = []
  if (pods !== undefined && services !== undefined && overlap(pods, services)) {
    findings.push(
      error(
        `pod_subnet ${p.pod_subnet} and service_subnet ${p.service_subnet} overlap`,
        'choose another pod_subnet or service_subnet',
      ),
    )
  }
  for (const host of nodes(view)) {
    const address = nodeAddress(host) ?? ''
    for (const [name, network] of [
      ['pod_subnet', p.pod_subnet],
      ['service_subnet', p.service_subnet],
    ] as const) {
      if (isInside(address, ipv4Network(network))) {
        findings.push(
          error(
            `${host.name} (${address}) lies in ${name} ${network}`,
            `choose a ${name} apart from the machines' network`,
            host.name,
          ),
        )
      }
    }
  }
  return findings
}

export const groupFindings = (view: View): readonly Finding[] => {
  const count = controlPlanes(view).length
  if (count === 0)
    return [
      error(
        'the group control_plane is empty',
        'put the first control plane into the group control_plane of the inventory',
      ),
    ]
  if (count % 2 === 0) {
    return [
      warning(
        `${count} control planes: losing ${count / 2} stops the cluster, no better than ${count - 1}`,
        'take an odd number',
      ),
    ]
  }
  return []
}

/**
 * Warns about a name server on the loopback. CoreDNS forwards to the name servers of its node; one on the loopback
 * would be CoreDNS itself, which then exits because of its loop check (coredns.io/plugins/loop). kubeadm knows the stub
 * of systemd-resolved, and gives the kubelet the file behind it.
 */
export const resolverFindings = (kubelet: JsonObject, view: View): readonly Finding[] => {
  const servers = fact(view.host, 'dns', 'nameservers')
  const own = (Array.isArray(servers) ? servers : []).filter(server => /^(127\.|::1$)/.test(String(server)))
  if (own.length === 0 || own.includes('127.0.0.53') || kubelet['resolvConf'] !== undefined) return []
  return [
    warning(
      `its name server is ${own.join(', ')}: CoreDNS, which asks the same one, would ask itself`,
      'write the real name servers into a file of their own, and name it by kubeadm_kubelet: {resolvConf: /etc/kubernetes-resolv.conf}',
      view.host.name,
    ),
  ]
}
