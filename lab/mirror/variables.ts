import { existsSync } from 'node:fs'
import type { Json } from '../state/state.js'
import { CALICO, KUBERNETES, MINOR, PAUSE_TAG } from './versions.js'

export type Variables = Readonly<Record<string, Json>>

/** Where things lie on the mirror, relative to its root. */
export const REPOSITORY_PATH = `core:/stable:/${MINOR}/deb/`
export const MANIFESTS_PATH = `projectcalico/calico/${CALICO}/manifests/`
/** The published manifest for clusters without BGP: the lab's kernel has no IPIP. */
export const CALICO_MANIFEST = 'calico-vxlan.yaml'

export const OPERATOR_MANIFEST = 'tigera-operator.yaml'

/** SHA-256 of Calico's manifest, and of its operator's. */
export interface Checksums {
  readonly calico: string
  readonly operator: string
}

/** What the roles are told because of what a lab host is, wherever packages and images come from. */
export const labVariables = (kernelConfig = existsSync('/proc/config.gz')): Variables => ({
  kubernetes_version: KUBERNETES,
  // nspawn gives a host no CAP_SYS_RESOURCE over its parent: lowering an oom_score_adj would fail.
  containerd_restrict_oom_score_adj: true,
  // The outer machine may still be on cgroup v1.
  kubeadm_kubelet: { failCgroupV1: false },
  // One kernel for all hosts: its conntrack limits are not theirs to raise, and kube-proxy exits when it may not.
  kubeadm_proxy: {
    mode: 'nftables',
    conntrack: { maxPerCore: 0, min: null, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  },
  // This check reads the kernel's configuration; most kernels have it as a file in /boot only, which a lab host has not.
  ...(kernelConfig ? {} : { kubeadm_ignore_preflight_errors: ['SystemVerification'] }),
})

/** What points the roles at a mirror. */
export function mirrorVariables(root: string, checksums: Checksums): Variables {
  const repository = `${root}/${REPOSITORY_PATH}`
  return {
    kube_packages_repo: repository,
    kube_packages_key_url: `${repository}Release.key`,
    containerd_registry_mirrors: Object.fromEntries(
      ['registry.k8s.io', 'docker.io', 'quay.io'].map(host => [host, [root]]),
    ),
    containerd_pause_image: `registry.k8s.io/pause:${PAUSE_TAG}`,
    calico_version: CALICO,
    calico_manifest_url: `${root}/${MANIFESTS_PATH}${CALICO_MANIFEST}`,
    calico_manifest_sha256: checksums.calico,
    calico_operator_url: `${root}/${MANIFESTS_PATH}${OPERATOR_MANIFEST}`,
    calico_operator_sha256: checksums.operator,
  }
}

/** Where upstream is used: only Calico's choice of manifest, since the lab's kernel has no IPIP. */
export const upstreamVariables: Variables = {
  calico_version: CALICO,
  calico_manifest_url: `https://raw.githubusercontent.com/projectcalico/calico/${CALICO}/manifests/${CALICO_MANIFEST}`,
}
