import type { Json } from '../../core/json.js'
import type { Message, Messages } from '../../core/messages.js'
import { field } from '../support/message-data.js'
import { diagnoseKubeadm } from './kubeadm-output.js'
import { loginRemedy, refusesLogin } from './registry-auth.js'

/** What kubeadm's failures mean, and the one thing to do about each. */
export const kubeadmMessages: Messages = {
  diagnose: diagnoseKubeadm,
  codes: {
    preflight: data => {
      const more = field(data, 'more')
      return {
        what: `kubeadm's preflight check ${field(data, 'check')} failed: ${field(data, 'text')}${more === '' ? '' : ` (and ${more})`}`,
        remedy: preflightRemedy(field(data, 'check'), field(data, 'text')),
      }
    },
    ended: () => ({
      what: 'kubeadm was ended on the host: by a reboot, or by somebody',
      remedy: 'run again: what is half-done is mended',
    }),
    'token-gone': data => ({
      what: `the bootstrap token is not there any more: ${field(data, 'text')}`,
      remedy: 'run again: a new token is made for each run that joins someone',
    }),
    'token-wrong': () => ({
      what: "the cluster's signature does not fit the bootstrap token: another cluster answers at the endpoint",
      remedy: 'see that control_plane_endpoint leads to this cluster from the joining host',
    }),
    'ca-pin': () => ({
      what: "the CA at the control plane's endpoint is not the CA of the control plane in this inventory",
      remedy: 'see that control_plane_endpoint leads to this cluster from the joining host',
    }),
    clock: data => ({
      what: `the clocks of the hosts differ: ${field(data, 'text')}`,
      remedy: 'set the clocks (`timedatectl set-ntp true`, or chrony) and run again',
    }),
    learners: () => ({
      what: 'etcd is still taking in another member',
      remedy: 'wait until the other control plane has joined, then run again',
    }),
    'node-exists': data => ({
      what: `another machine already is this node: ${field(data, 'text')}`,
      remedy:
        'give this host a hostname of its own, or delete that Node with `kubectl delete node NAME` if its machine is gone',
    }),
    'no-endpoint': () => ({
      what: 'the cluster was made without a controlPlaneEndpoint, so no second control plane can join',
      remedy: 'make the cluster anew with control_plane_endpoint set; it cannot be added later',
    }),
    'kubelet-dead': data => ({
      what: `the kubelet does not run${evidence(data)}`,
      remedy:
        'read `journalctl -u kubelet -n 50` on the host; most often: swap is on, cgroup v1 with Kubernetes 1.35 or later, or another cgroup driver than containerd',
    }),
    'control-plane-dead': data => ({
      what: `the control plane did not come up${evidence(data)}`,
      remedy: 'look at the container that exits: `crictl ps -a`, then `crictl logs ID`; then run again',
    }),
    'tls-bootstrap': data => ({
      what: `the kubelet got no certificate from the control plane${evidence(data)}`,
      remedy: 'see that the clocks agree and that the controller manager runs (`kubectl get csr`), then run again',
    }),
    etcd: data => ({
      what: `etcd does not answer: ${field(data, 'text')}`,
      remedy: 'see that a majority of its members runs (`crictl ps --name etcd` on each control plane)',
    }),
    'api-unreachable': data => ({
      what: `the API server cannot be reached from this host: ${field(data, 'text')}${evidence(data)}`,
      remedy: 'see that control_plane_endpoint resolves here and that port 6443 is open between the hosts',
    }),
    'bad-config': data => ({
      what: `kubeadm does not take its configuration: ${field(data, 'text')}`,
      remedy:
        'mend kubeadm_init, kubeadm_cluster, kubeadm_kubelet, kubeadm_proxy or kubeadm_join: the fields of v1beta4',
    }),
    phase: data => ({
      what: `kubeadm failed in its phase ${field(data, 'phase')}: ${field(data, 'error')}${evidence(data)}`,
      remedy: 'mend what it names and run again; what was done already is kept',
    }),
    'no-cri': data => ({
      what: `the container runtime does not answer: ${field(data, 'text')}`,
      remedy:
        'see why on the host: `journalctl -u containerd -n 50`; «too many open files» means that fs.inotify.max_user_instances is used up',
    }),
    'cri-disabled': () => ({
      what: "CRI is switched off in containerd's configuration (unknown service runtime.v1.RuntimeService)",
      remedy: 'run the role docker on this host: it writes config.toml with CRI on, and restarts containerd',
    }),
    'runtime-not-ready': data => ({
      what: `the container runtime is not ready: ${field(data, 'text')}`,
      remedy: 'see why on the host: `crictl info`, `journalctl -u containerd -n 50`',
    }),
    'no-kubeadm': () => ({
      what: 'kubeadm is not installed',
      remedy: 'run the role kube-packages on this host first',
    }),
  } satisfies { readonly [code: string]: (data: Json) => Message },
}

const evidence = (data: Json): string => {
  const parts = [
    ['warnings', 'kubeadm had warned'],
    ['containers', 'containers that are not running'],
    ['kubelet', 'the kubelet says last'],
  ].flatMap(([key = '', title = '']) => (field(data, key) === '' ? [] : [`\n${title}:\n${field(data, key)}`]))
  return parts.join('')
}

/** By the check's name, as `--ignore-preflight-errors` knows it. */
const preflightRemedy = (check: string, text: string): string => {
  if (check === 'ImagePull' && refusesLogin(text)) return loginRemedy
  const known = remedies.find(([pattern]) => pattern.test(check))
  return known?.[1] ?? `mend it, or add ${check} to kubeadm_ignore_preflight_errors if it does not matter here`
}

const remedies: readonly (readonly [RegExp, string])[] = [
  [/^Swap$/, 'turn swap off: `swapoff -a`, and its line in /etc/fstab (the role common-prep does both with swap: off)'],
  [/^NumCPU$/, 'give the machine at least 2 CPUs, or add NumCPU to kubeadm_ignore_preflight_errors for a toy'],
  [/^Mem$/, 'give the machine at least 1700 MB of memory, or add Mem to kubeadm_ignore_preflight_errors for a toy'],
  [/^Port-/, 'end what listens there (`ss -ltnp` names it); a forgotten cluster is removed by the role reset'],
  [
    /^(FileAvailable|DirAvailable)-/,
    'something of an older cluster is left: run playbooks/reset.yml for this host alone (-l)',
  ],
  [/ip_forward$/, 'run the role common-prep: it sets net.ipv4.ip_forward = 1'],
  [/bridge-nf-call/, 'run the role common-prep: it loads br_netfilter and sets the bridge sysctls'],
  [/^CRI$/, 'containerd does not answer CRI: run the role docker, then look at `systemctl status containerd`'],
  [
    /^ImagePull$/,
    'the images cannot be pulled: see the registry, the proxy or containerd_registry_mirrors, then run again',
  ],
  [
    /^SystemVerification$/,
    'with cgroup v1 boot with systemd.unified_cgroup_hierarchy=1, or add SystemVerification to kubeadm_ignore_preflight_errors',
  ],
  [/^IsPrivilegedUser$/, 'run with become: true'],
  [
    /^KubeletVersion$/,
    "install the kubelet of the control plane's version: kubernetes_version is one variable for all hosts",
  ],
  [/^FileExisting-/, 'install the program it names (on Debian: conntrack, iptables, mount, socat, ethtool)'],
  [/^Hostname$/, 'give the host a lower-case name of letters, digits and hyphens: hostnamectl set-hostname NAME'],
  [/^ExternalEtcdVersion$/, 'bring etcd to a version that this Kubernetes takes'],
]
