/** What the mirror brings, and under which names kubeadm 1.34.4 and Calico 3.28.5 ask for it. */

/** 1.34 is the last minor that takes cgroup v1 without being told to. */
export const KUBERNETES = '1.34.4'
export const MINOR = 'v1.34'

/** As in k8s.io/kubernetes v1.34.4, cmd/kubeadm/app/constants: image tags that kubeadm writes into manifests. */
export const ETCD_TAG = '3.6.5-0'
export const COREDNS_TAG = 'v1.12.1'
export const PAUSE_TAG = '3.10.1'

export const CALICO = 'v3.28.5'
/** The commit of release line 3.28 that module proxies serve (the repository's own tags are not Go semantic versions). */
export const CALICO_MODULE = 'v1.11.0-cni-plugin.0.20250813170300-a0db560f0520'

/** The newest operator of this release line that module proxies serve, and the tag that Calico's manifest of it asks for. */
export const OPERATOR_MODULE = 'v1.34.3'
export const OPERATOR_TAG = 'v1.34.13'
/** The Calico that this operator asks for: its images are the same programs under one more tag. */
export const OPERATOR_CALICO = 'v3.28.1'

export const ETCD = 'v3.6.5'
/** etcdctl is released as its own module; this is the newest of 3.6 that does not raise the server's dependencies. */
export const ETCDCTL = 'v3.6.0'
/** Served under kubeadm's tag COREDNS_TAG: module proxies no longer serve 1.12. */
export const COREDNS = 'v1.14.7'
export const CRICTL = 'v1.36.0'
export const CNI_PLUGINS = 'v1.7.1'

/** The suite whose packages make the base of images that need more than one program. */
export const DEBIAN = 'bookworm'
/** The versions of the app that the walk-through deploys, updates and rolls back. */
export const NGINX_TAGS = ['1.14.2', '1.16.1'] as const
/** What Debian's busybox of this suite says of itself; the build refuses another. */
export const BUSYBOX_TAG = '1.35'
/** The agnhost that the tests of KUBERNETES ask for; the build refuses another. */
export const AGNHOST_TAG = '2.56'
