import type { Json, JsonObject } from '../core/json.js'
import { type Answer, assignments } from './answer.js'

/** Facts about names and kernel; `cgroup_version` is not one of Ansible's. */
export const platform = (answer: Answer): JsonObject => ({
  ...names(answer),
  ...kernel(answer),
  machine_id: answer.line('/etc/machine-id') ?? 'NA',
  cgroup_version: cgroupVersion(answer),
})

/** The full name comes from /etc/hosts: a query to a name server could hang, and its answer could change. */
const names = (answer: Answer): JsonObject => {
  const nodename = answer.line('/proc/sys/kernel/hostname') ?? 'localhost'
  const hostname = nodename.split('.')[0] ?? nodename
  const line = answer
    .section('hosts')
    .map(one => one.replace(/#.*$/, '').trim().split(/\s+/).slice(1))
    .find(words => words.includes(nodename))
  const canonical = line?.find(name => name.startsWith(`${hostname}.`))
  const fqdn = nodename.includes('.') ? nodename : (canonical ?? nodename)
  return { nodename, hostname, fqdn, domain: fqdn.split('.').slice(1).join('.') }
}

const kernel = (answer: Answer): JsonObject => {
  const machine = answer.section('machine')[0] ?? 'unknown'
  const architecture = /^i[3-6]86$/.test(machine) ? 'i386' : machine
  const wide = /64|s390x/.test(machine)
  return {
    system: answer.line('/proc/sys/kernel/ostype') ?? 'Linux',
    kernel: answer.line('/proc/sys/kernel/osrelease') ?? 'NA',
    kernel_version: answer.line('/proc/sys/kernel/version') ?? 'NA',
    machine,
    architecture,
    userspace_bits: wide ? '64' : '32',
    userspace_architecture: architecture,
  }
}

/** Facts about the service manager; `init` and `units` are not Ansible's. */
export const serviceManager = (answer: Answer): JsonObject => {
  const init = answer.line('/proc/1/comm') ?? 'unknown'
  return {
    init,
    service_mgr:
      init === 'systemd' || answer.is('/run/systemd/system')
        ? 'systemd'
        : answer.is('/run/openrc') || answer.is('/sbin/openrc-run')
          ? 'openrc'
          : init === 'init'
            ? 'sysvinit'
            : init,
    units: answer.tests('unit'),
  }
}

export const packageManager = (answer: Answer): JsonObject => {
  const [found] = answer.tests('pkg')
  return { pkg_mgr: found === undefined ? 'unknown' : (packageManagers[found] ?? found) }
}

/** Commands whose Ansible module has another name. */
const packageManagers: { readonly [command: string]: string } = {
  'apt-get': 'apt',
  'xbps-install': 'xbps',
  emerge: 'portage',
}

export const apparmor = (answer: Answer): JsonObject => ({
  apparmor: { status: answer.is('/sys/kernel/security/apparmor') ? 'enabled' : 'disabled' },
})

export const fips = (answer: Answer): JsonObject => ({ fips: answer.line('/proc/sys/crypto/fips_enabled') === '1' })

export const selinux = (answer: Answer): JsonObject => {
  const enforce = answer.line('/sys/fs/selinux/enforce')
  if (!answer.is('/sys/fs/selinux') || enforce === undefined) return { status: 'disabled' }
  const config = assignments(answer.lines('/etc/selinux/config'))
  return {
    status: 'enabled',
    mode: enforce === '1' ? 'enforcing' : 'permissive',
    config_mode: config.get('SELINUX') ?? 'unknown',
    type: config.get('SELINUXTYPE') ?? 'unknown',
    policyvers: Number(answer.line('/sys/fs/selinux/policyvers') ?? 0),
  }
}

/** Output of systemd-detect-virt → Ansible's `virtualization_type`. */
const technologies: { readonly [detected: string]: string } = {
  amazon: 'kvm',
  bhyve: 'bhyve',
  docker: 'docker',
  google: 'kvm',
  kvm: 'kvm',
  lxc: 'lxc',
  'lxc-libvirt': 'lxc',
  microsoft: 'VirtualPC',
  openvz: 'openvz',
  oracle: 'virtualbox',
  parallels: 'parallels',
  podman: 'podman',
  qemu: 'kvm',
  uml: 'uml',
  vmware: 'VMware',
  wsl: 'wsl',
  xen: 'xen',
}

/** The container type in the environment of process 1, which only root can read. Ansible knows two types by name. */
const containerOf = (answer: Answer): string | undefined => {
  const [, word] = /^container=(.+)/.exec(answer.section('container')[0] ?? '') ?? []
  if (word === undefined) return undefined
  return word.startsWith('lxc') ? 'lxc' : word.startsWith('podman') ? 'podman' : 'container'
}

export const virtualization = (answer: Answer): JsonObject => {
  const { is } = answer
  const detected = answer.section('virt')[0]
  const declared = containerOf(answer)
  if (declared !== undefined) return { virtualization_type: declared, virtualization_role: 'guest' }
  const container = is('/.dockerenv')
    ? 'docker'
    : is('/run/.containerenv')
      ? 'podman'
      : answer.line('/run/systemd/container')
  const guest = detected === undefined || detected === 'none' ? container : (technologies[detected] ?? detected)
  if (guest !== undefined) return { virtualization_type: guest, virtualization_role: 'guest' }
  if (is('/sys/module/kvm') && is('/dev/kvm')) return { virtualization_type: 'kvm', virtualization_role: 'host' }
  return { virtualization_type: 'NA', virtualization_role: 'NA' }
}

/** The version of cgroups, as `stat -fc %T /sys/fs/cgroup` would tell it; 0 where no cgroups are mounted. */
const cgroupVersion = (answer: Answer): number =>
  answer.is('/sys/fs/cgroup/cgroup.controllers') ? 2 : answer.is('/sys/fs/cgroup') ? 1 : 0

export const commandLines = (answer: Answer): JsonObject => ({
  cmdline: commandLine(answer, false),
  proc_cmdline: commandLine(answer, true),
})

/** Parses `quiet root=/dev/sda1 console=a console=b`. With `lists`, the values of a repeated option become a list. */
const commandLine = (answer: Answer, lists: boolean): JsonObject => {
  const options: Record<string, Json> = {}
  for (const word of (answer.line('/proc/cmdline') ?? '').split(/\s+/).filter(one => one !== '')) {
    const [name = '', ...rest] = word.split('=')
    const value = rest.length === 0 ? true : rest.join('=')
    const known = options[name]
    options[name] =
      !lists || known === undefined ? value : [...(Array.isArray(known) ? (known as Json[]) : [known]), value]
  }
  return options
}

export const hostKeys = (answer: Answer): JsonObject =>
  Object.fromEntries(
    answer.paths('/etc/ssh/ssh_host_').flatMap(path => {
      const kind = /ssh_host_(\w+)_key\.pub$/.exec(path)?.[1]
      const [type = '', key = ''] = (answer.line(path) ?? '').split(' ')
      return kind === undefined
        ? []
        : [[`ssh_host_key_${kind}_public`, key] as const, [`ssh_host_key_${kind}_public_keytype`, type] as const]
    }),
  )
