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
