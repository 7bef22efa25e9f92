import type { Family } from '../laws.js'
import { accounts } from './accounts.js'
import { files } from './files.js'
import { kernel } from './kernel.js'
import { mounts } from './mounts.js'
import { units } from './units.js'

export const families: readonly Family[] = [files, accounts, kernel, mounts, units]

const notYet = 'not modelled yet: '
const cluster = `${notYet}it asks the API server of a cluster, or kubeadm`

/** State modules without situations, and why. */
export const notModelled: { readonly [module: string]: string } = {
  apt: `${notYet}packages`,
  apt_repository: `${notYet}packages`,
  deb822_repository: `${notYet}packages`,
  dpkg_selections: `${notYet}packages`,
  package: `${notYet}packages`,
  calico_pool: cluster,
  kube_manifest: cluster,
  kubeadm_init: cluster,
  kubeadm_join: cluster,
  kubeadm_reset: cluster,
  kube_node: cluster,
  kubelet_config: cluster,
  kube_preflight: cluster,
  kube_completion: `${notYet}files of Kubernetes`,
  kube_repository: `${notYet}files of Kubernetes`,
  kubectl_config: `${notYet}files of Kubernetes`,
  containerd_config: `${notYet}files of Kubernetes`,
  containerd_registry: `${notYet}files of Kubernetes`,
  firewall_open: `${notYet}ufw and firewalld`,
  get_url: `${notYet}a server`,
  wait_for: 'it only waits',
  ping: 'it looks at nothing and changes nothing',
}
