import type { JsonSchema } from '../../engine/core/json.js'
import type { PodNetwork } from '../shared/cluster.js'
import { shared } from '../shared/properties.js'

export interface Params {
  readonly swap: 'off' | 'keep'
  readonly selinux: 'permissive' | 'disabled' | 'keep'
  readonly firewall: 'disable' | 'open' | 'keep'
  readonly hosts_file: boolean
  readonly extra_hosts: { readonly [name: string]: string }
  readonly control_plane_endpoint: string
  readonly control_plane_endpoint_address: string
  readonly pod_subnet: string
  readonly cni: PodNetwork
  readonly kubeadm_ignore_preflight_errors: readonly string[]
}

export const properties = {
  swap: {
    enum: ['off', 'keep'],
    default: 'off',
    description: 'The kubelet does not start on a machine with swap: off, now and after a reboot.',
  },
  selinux: {
    enum: ['permissive', 'disabled', 'keep'],
    default: 'permissive',
    description: 'SELinux, where the machine has it. A change to disabled takes a reboot.',
  },
  firewall: {
    enum: ['disable', 'open', 'keep'],
    default: 'disable',
    description: 'ufw and firewalld: turned off, opened for the ports of the cluster, or left alone.',
  },
  hosts_file: { type: 'boolean', default: true, description: 'Keep the names of all hosts in a block of /etc/hosts.' },
  extra_hosts: {
    type: 'object',
    additionalProperties: { type: 'string' },
    default: {},
    description: 'More names for /etc/hosts, each with its address.',
    examples: [{ 'registry.example.com': '192.0.2.50' }],
  },
  control_plane_endpoint: shared.control_plane_endpoint,
  control_plane_endpoint_address: shared.control_plane_endpoint_address,
  pod_subnet: shared.pod_subnet,
  cni: shared.cni,
  kubeadm_ignore_preflight_errors: shared.kubeadm_ignore_preflight_errors,
} satisfies { readonly [name in keyof Params]: JsonSchema }
