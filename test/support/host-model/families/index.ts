import type { Family } from '../laws.js'
import { accounts } from './accounts.js'
import { downloads } from './downloads.js'
import { files } from './files.js'
import { kernel } from './kernel.js'
import { kubernetes } from './kubernetes.js'
import { mounts } from './mounts.js'
import { packages } from './packages.js'
import { units } from './units.js'

export const families: readonly Family[] = [
  files,
  accounts,
  downloads('http://127.0.0.1:1'),
  kernel,
  kubernetes,
  mounts,
  packages,
  units,
]

const cluster = 'it asks the API server of a cluster, or is kubeadm’s own work: test/lab has real ones'
const fetches = 'it fetches from a repository of packages and runs their scripts: test/lab has a mirror'

/** State modules without situations, and why. */
export const notModelled: { readonly [module: string]: string } = {
  apt: fetches,
  package: fetches,
  calico_pool: cluster,
  kube_manifest: cluster,
  kube_node: cluster,
  kubeadm_init: cluster,
  kubeadm_join: cluster,
  kubeadm_reset: cluster,
  kubelet_config: cluster,
  kube_preflight:
    'it changes nothing; what it looks at (ports, names, runtimes) is the machine, not files of the model',
  containerd_config: 'containerd itself says its version and tries the file: test/lab has it',
  firewall_open: 'ufw and firewalld load rules into the kernel, which no root folder of its own holds apart',
  wait_for: 'it only waits',
  ping: 'it looks at nothing and changes nothing',
}
