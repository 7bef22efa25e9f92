/** Where kubeadm and tkplay keep things on a host. */
export const adminConf = '/etc/kubernetes/admin.conf'
export const kubeletConf = '/etc/kubernetes/kubelet.conf'
export const caCert = '/etc/kubernetes/pki/ca.crt'
export const containerdSocket = 'unix:///run/containerd/containerd.sock'

/** tkplay's own notes on a host: what it has begun, what it has brought. */
export const stateDir = '/var/lib/tkplay/kubernetes'
/** Holds secrets for as long as kubeadm reads them; a tmpfs, so nothing reaches a disk. */
export const runDir = '/run/tkplay'
/** There while an init of ours is not finished. Its text: `started`, or `api-ready` once the API server has answered. */
export const initMarker = `${stateDir}/init`
export const initConfig = `${stateDir}/kubeadm-init.yaml`
/** There while a join of ours is not finished. */
export const joinMarker = `${stateDir}/join`
export const joinConfig = `${runDir}/kubeadm-join.yaml`
export const manifestDir = `${stateDir}/manifests`

/** There while a kubelet of this machine is being brought to other settings: its configuration of before. */
export const kubeletBefore = `${stateDir}/kubelet-config.before.yaml`
/** On a control plane, since the last change of the kubelets' settings: what takes it back, and the sha256 that it was changed to. */
export const settingsBefore = {
  patch: `${stateDir}/kubelet-settings.before.json`,
  now: `${stateDir}/kubelet-settings.sha256`,
}
/** There while kube-proxy's pods are being replaced: patches that take it back, and how it replaces its pods. */
export const proxyBefore = {
  settings: `${stateDir}/kube-proxy.before.json`,
  template: `${stateDir}/kube-proxy.before-template.json`,
  strategy: `${stateDir}/kube-proxy.before-strategy`,
}
/** The sha256 of the cluster's settings that a kubelet was given last, and of the file that kubeadm made of them here. */
export const kubeletPatched = `${stateDir}/kubelet-config.sha256`
