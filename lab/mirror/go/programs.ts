import { CNI_PLUGINS, COREDNS, CRICTL, ETCD, ETCDCTL } from '../versions.js'
import type { GoModule } from './go-module.js'
import { PAUSE } from './pause.js'
import { calico, operator } from './programs-calico.js'
import { agnhost, kubernetes } from './programs-kubernetes.js'

const cni = 'github.com/containernetworking/plugins'

const etcd: GoModule = {
  name: 'etcd',
  require: { 'go.etcd.io/etcd/server/v3': ETCD, 'go.etcd.io/etcd/etcdctl/v3': ETCDCTL },
  programs: [
    { name: 'etcd', package: 'go.etcd.io/etcd/server/v3' },
    { name: 'etcdctl', package: 'go.etcd.io/etcd/etcdctl/v3' },
  ],
}

const coredns: GoModule = {
  name: 'coredns',
  require: { 'github.com/coredns/coredns': COREDNS },
  programs: [{ name: 'coredns', package: 'github.com/coredns/coredns' }],
}

const crictl: GoModule = {
  name: 'crictl',
  require: { 'sigs.k8s.io/cri-tools': CRICTL },
  stamps: { 'sigs.k8s.io/cri-tools/pkg/version.Version': CRICTL },
  programs: [{ name: 'crictl', package: 'sigs.k8s.io/cri-tools/cmd/crictl' }],
}

/** The plugins that the kubernetes-cni package carries. */
const plugins: GoModule = {
  name: 'cni-plugins',
  require: { [cni]: CNI_PLUGINS },
  stamps: { [`${cni}/pkg/utils/buildversion.BuildVersion`]: CNI_PLUGINS },
  programs: `meta/bandwidth main/bridge ipam/dhcp main/dummy meta/firewall main/host-device ipam/host-local main/ipvlan
    main/loopback main/macvlan meta/portmap main/ptp meta/sbr ipam/static main/tap meta/tuning main/vlan meta/vrf`
    .split(/\s+/)
    .map(path => ({ name: path.replace(/^.*\//, ''), package: `${cni}/plugins/${path}` })),
}

const pause: GoModule = {
  name: 'pause',
  require: {},
  files: { 'main.go': PAUSE },
  programs: [{ name: 'pause', package: '.' }],
}

/** What a cluster is made of, the quick ones first so that a broken set-up is noticed early. */
export const goModules = {
  pause,
  plugins,
  crictl,
  etcd,
  coredns,
  operator,
  calico,
  kubernetes,
} as const satisfies Record<string, GoModule>

/** What no cluster needs: built when it is asked for. */
export const extraModules = { agnhost } as const satisfies Record<string, GoModule>

export type GoModuleName = keyof typeof goModules | keyof typeof extraModules
