import { CALICO, CALICO_MODULE, OPERATOR_MODULE } from '../versions.js'
import type { GoModule } from './go-module.js'

const calicoModule = 'github.com/projectcalico/calico'

/** Kubernetes' staging modules of the minor that this line of Calico is written against. */
const STAGING =
  `api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider cluster-bootstrap
  code-generator component-base component-helpers controller-manager cri-api csi-translation-lib endpointslice
  kube-aggregator kube-controller-manager kube-proxy kube-scheduler kubectl kubelet legacy-cloud-providers metrics
  mount-utils pod-security-admission sample-apiserver`
    .trim()
    .split(/\s+/)

/** Calico's node agent, CNI plugin, controllers and Typha, and the manifests published with them. */
export const calico: GoModule = {
  name: 'calico',
  require: { [calicoModule]: CALICO_MODULE },
  replace: {
    'github.com/Microsoft/hcsshim': 'v0.12.9',
    'github.com/projectcalico/api': 'v0.0.0-20240708202104-e3f70b269c2c',
    'github.com/prometheus/client_golang': 'v1.18.0',
    'github.com/prometheus/common': 'v0.47.0',
    'github.com/vishvananda/netlink': 'v1.2.1-beta.2.0.20230206183746-70ca0345eede',
    'sigs.k8s.io/knftables': 'v0.0.17-0.20240627140917-8d2660d78107',
    'k8s.io/kubernetes': 'v1.29.15',
    ...Object.fromEntries(STAGING.map(name => [`k8s.io/${name}`, 'v0.29.15'])),
  },
  stamps: {
    [`${calicoModule}/node/pkg/lifecycle/startup.VERSION`]: CALICO,
    [`${calicoModule}/node/buildinfo.GitVersion`]: CALICO,
    'main.VERSION': CALICO,
  },
  programs: [
    ['calico-node', 'node/cmd/calico-node'],
    ['mountns', 'node/cmd/mountns'],
    ['calico', 'cni-plugin/cmd/calico'],
    ['install', 'cni-plugin/cmd/install'],
    ['kube-controllers', 'kube-controllers/cmd/kube-controllers'],
    ['check-status', 'kube-controllers/cmd/check-status'],
    ['calico-typha', 'typha/cmd/calico-typha'],
  ].map(([name = '', path = '']) => ({ name, package: `${calicoModule}/${path}` })),
  sources: { module: calicoModule, folders: ['manifests', 'node/filesystem'] },
}

const operatorModule = 'github.com/tigera/operator'

/** What installs Calico where its manifest does not. */
export const operator: GoModule = {
  name: 'tigera-operator',
  require: { [operatorModule]: OPERATOR_MODULE },
  programs: [{ name: 'operator', package: operatorModule }],
}
