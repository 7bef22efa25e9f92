import type { GoModuleName } from '../go/programs.js'
import {
  AGNHOST_TAG,
  BUSYBOX_TAG,
  CALICO,
  COREDNS_TAG,
  ETCD_TAG,
  KUBERNETES,
  NGINX_TAGS,
  OPERATOR_CALICO,
  OPERATOR_TAG,
  PAUSE_TAG,
} from '../versions.js'
import type { Busybox } from './debian-base.js'
import type { ImageConfig } from './image.js'
import { busyboxEntries, NGINX_COMMAND, nginxEntries } from './image-apps.js'
import type { TarEntry } from './tar.js'

export interface ImageRecipe {
  readonly reference: string
  /** on the Debian layer, or on nothing */
  readonly base?: 'debian'
  /** folders of this machine: their files lie in the image under the same paths */
  readonly trees?: readonly string[]
  readonly entries: readonly TarEntry[]
  readonly config: ImageConfig
}

/** What recipes are made from: where built programs, folders of their sources and busybox are. */
export interface Ingredients {
  program(module: GoModuleName, name: string): string
  sources(module: GoModuleName, folder: string): string
  readonly busybox: Busybox
}

const executable = (path: string, body: string): TarEntry => ({ kind: 'file', path, mode: 0o755, body })
/** Programs that unpack or lock something expect it; the Debian layer has its own. */
const tmp: TarEntry = { kind: 'folder', path: 'tmp', mode: 0o1777 }

const kubernetes = (from: Ingredients): readonly ImageRecipe[] =>
  ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map(name => ({
    reference: `registry.k8s.io/${name}:v${KUBERNETES}`,
    ...(name === 'kube-proxy' ? { base: 'debian' as const } : {}),
    entries: [
      executable(`usr/local/bin/${name}`, from.program('kubernetes', name)),
      ...(name === 'kube-proxy' ? [] : [tmp]),
    ],
    config: { Entrypoint: [name] },
  }))

const clusterParts = (from: Ingredients): readonly ImageRecipe[] => [
  {
    reference: `registry.k8s.io/etcd:${ETCD_TAG}`,
    entries: [tmp, ...['etcd', 'etcdctl'].map(name => executable(`usr/local/bin/${name}`, from.program('etcd', name)))],
    config: { Entrypoint: ['etcd'] },
  },
  {
    reference: `registry.k8s.io/coredns/coredns:${COREDNS_TAG}`,
    entries: [executable('coredns', from.program('coredns', 'coredns'))],
    config: { Entrypoint: ['/coredns'] },
  },
  {
    reference: `registry.k8s.io/pause:${PAUSE_TAG}`,
    entries: [executable('pause', from.program('pause', 'pause'))],
    config: { Entrypoint: ['/pause'] },
  },
]

/** As in Calico's own Dockerfiles: runit starts felix and its companions, and `which` finds runit. */
const calicoNode = (from: Ingredients, tag: string): ImageRecipe => ({
  reference: `docker.io/calico/node:${tag}`,
  base: 'debian',
  trees: [from.sources('calico', 'node/filesystem')],
  entries: [
    ...['calico-node', 'mountns'].map(name => executable(`bin/${name}`, from.program('calico', name))),
    ...['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore'].map(
      (name): TarEntry => ({ kind: 'symlink', path: `usr/sbin/${name}`, target: 'xtables-nft-multi' }),
    ),
    { kind: 'symlink', path: 'usr/bin/which', target: 'which.debianutils' },
  ],
  config: { Cmd: ['start_runit'], Env: ['SVDIR=/etc/service/enabled'] },
})

const calicoCni = (from: Ingredients, tag: string): ImageRecipe => ({
  reference: `docker.io/calico/cni:${tag}`,
  entries: [
    tmp,
    ...['calico', 'install'].map(name => executable(`opt/cni/bin/${name}`, from.program('calico', name))),
    { kind: 'hardlink', path: 'opt/cni/bin/calico-ipam', target: 'opt/cni/bin/calico' },
    ...['bandwidth', 'host-local', 'loopback', 'portmap', 'tuning'].map(name =>
      executable(`opt/cni/bin/${name}`, from.program('plugins', name)),
    ),
  ],
  config: { Cmd: ['/opt/cni/bin/install'], WorkingDir: '/opt/cni/bin' },
})

const calicoControllers = (from: Ingredients, tag: string): ImageRecipe => ({
  reference: `docker.io/calico/kube-controllers:${tag}`,
  entries: [
    tmp,
    ...['kube-controllers', 'check-status'].map(name => executable(`usr/bin/${name}`, from.program('calico', name))),
    { kind: 'folder', path: 'status', uid: 999 },
    { kind: 'folder', path: 'profiles', uid: 999 },
  ],
  config: { Entrypoint: ['/usr/bin/kube-controllers'], User: '999' },
})

/** Its configuration is what Calico's own image has: nothing is asked of a cloud, nothing logged into files. */
const calicoTypha = (from: Ingredients, tag: string): ImageRecipe => ({
  reference: `docker.io/calico/typha:${tag}`,
  entries: [
    tmp,
    executable('usr/bin/calico-typha', from.program('calico', 'calico-typha')),
    {
      kind: 'file',
      path: 'etc/calico/typha.cfg',
      mode: 0o644,
      body: Buffer.from('[global]\nMetadataAddr = None\nLogFilePath = None\nLogSeverityFile = None\n'),
    },
  ],
  config: { Cmd: ['/usr/bin/calico-typha'], User: '999' },
})

const calicoOperator = (from: Ingredients): ImageRecipe => ({
  reference: `quay.io/tigera/operator:${OPERATOR_TAG}`,
  entries: [tmp, executable('usr/bin/operator', from.program('operator', 'operator'))],
  config: { Entrypoint: ['/usr/bin/operator'], User: '10001:10001' },
})

const calico = (from: Ingredients): readonly ImageRecipe[] => [
  ...[CALICO, OPERATOR_CALICO].flatMap(tag =>
    [calicoNode, calicoCni, calicoControllers, calicoTypha].map(image => image(from, tag)),
  ),
  calicoOperator(from),
]

const apps = (from: Ingredients): readonly ImageRecipe[] => [
  ...NGINX_TAGS.map(
    (tag): ImageRecipe => ({
      reference: `docker.io/library/nginx:${tag}`,
      base: 'debian',
      entries: nginxEntries(tag),
      config: { Cmd: NGINX_COMMAND, Env: [`NGINX_VERSION=${tag}`] },
    }),
  ),
  {
    reference: `docker.io/library/busybox:${BUSYBOX_TAG}`,
    trees: [from.busybox.folder],
    entries: busyboxEntries(from.busybox.applets),
    config: { Cmd: ['sh'] },
  },
]

/** Every image that a cluster of kubeadm 1.34.4 with Calico 3.28.5 and the walk-through's app asks for. */
export const imageRecipes = (from: Ingredients): readonly ImageRecipe[] => [
  ...kubernetes(from),
  ...clusterParts(from),
  ...calico(from),
  ...apps(from),
]

/** As upstream's, on a shell and the tools of busybox; `/uploads` is where its servers put what they are given. */
export const agnhostRecipe = (from: Ingredients): ImageRecipe => ({
  reference: `registry.k8s.io/e2e-test-images/agnhost:${AGNHOST_TAG}`,
  trees: [from.busybox.folder],
  entries: [
    ...busyboxEntries(from.busybox.applets),
    executable('agnhost', from.program('agnhost', 'agnhost')),
    { kind: 'folder', path: 'uploads' },
  ],
  config: { Entrypoint: ['/agnhost'], Cmd: ['pause'] },
})
