import type { GoModuleName } from '../go/programs.js'
import { goModules } from '../go/programs.js'
import { CNI_PLUGINS, CRICTL, KUBERNETES } from '../versions.js'

/** A Debian package: what its control file says and what it puts where. */
export interface DebPackage {
  readonly name: string
  readonly version: string
  readonly summary: string
  readonly depends?: string
  readonly recommends?: string
  readonly programs: readonly { readonly module: GoModuleName; readonly name: string; readonly path: string }[]
  readonly files?: Readonly<Record<string, { readonly text: string; readonly mode?: number }>>
  readonly conffiles?: readonly string[]
  /** maintainer scripts by name */
  readonly scripts?: Readonly<Record<string, string>>
}

/** As upstream numbers them: the program's version and a packaging revision. */
const release = (version: string): string => `${version.replace(/^v/, '')}-1.1`

const kubernetes = (name: string): DebPackage['programs'] => [{ module: 'kubernetes', name, path: `usr/bin/${name}` }]

const unit = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`

const dropIn = `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# Written by kubeadm init and kubeadm join.
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# The last resort for overrides.
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`

const reload = '#!/bin/sh\nset -e\nif [ -d /run/systemd/system ]; then systemctl --system daemon-reload || true; fi\n'
const stop =
  '#!/bin/sh\nset -e\nif [ "$1" = remove ] && [ -d /run/systemd/system ]; then systemctl stop kubelet.service || true; fi\n'

/**
 * The packages of pkgs.k8s.io for this minor, with the dependencies that kubernetes/release gives them (cmd/krel/templates/
 * latest: since 1.32 kubeadm depends on nothing, kubelet on kubernetes-cni). As there, installing kubelet does not enable it.
 */
export const packages: readonly DebPackage[] = [
  {
    name: 'kubeadm',
    version: release(KUBERNETES),
    summary: 'Command-line utility for administering a Kubernetes cluster',
    programs: kubernetes('kubeadm'),
    files: { 'usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': { text: dropIn } },
  },
  {
    name: 'kubelet',
    version: release(KUBERNETES),
    summary: 'Node agent for Kubernetes clusters',
    depends: 'kubernetes-cni (>= 1.2.0), mount, util-linux',
    recommends: 'iptables (>= 1.8.4)',
    programs: kubernetes('kubelet'),
    files: {
      'usr/lib/systemd/system/kubelet.service': { text: unit },
      'etc/default/kubelet': { text: 'KUBELET_EXTRA_ARGS=\n' },
      'etc/kubernetes/manifests/.kubelet-keep': { text: '' },
      'var/lib/kubelet/.kubelet-keep': { text: '' },
    },
    conffiles: ['/etc/default/kubelet'],
    scripts: { postinst: reload, prerm: stop, postrm: reload },
  },
  {
    name: 'kubectl',
    version: release(KUBERNETES),
    summary: 'Command-line utility for interacting with a Kubernetes cluster',
    programs: kubernetes('kubectl'),
  },
  {
    name: 'cri-tools',
    version: release(CRICTL),
    summary: 'Command-line utility for interacting with a container runtime',
    programs: [{ module: 'crictl', name: 'crictl', path: 'usr/bin/crictl' }],
  },
  {
    name: 'kubernetes-cni',
    version: release(CNI_PLUGINS),
    summary: 'Binaries required to provision container networking',
    programs: goModules.plugins.programs.map(({ name }) => ({ module: 'plugins', name, path: `opt/cni/bin/${name}` })),
  },
]

/** `<name>_<version>_<architecture>.deb` */
export const debFile = (of: DebPackage): string => `${of.name}_${of.version}_amd64.deb`

/** The text of DEBIAN/control; `size` in KiB. */
export function controlFile(of: DebPackage, size: number): string {
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['Package', of.name],
    ['Version', of.version],
    ['Architecture', 'amd64'],
    ['Maintainer', 'tkplay lab <lab@tkplay.invalid>'],
    ['Installed-Size', String(size)],
    ['Depends', of.depends],
    ['Recommends', of.recommends],
    ['Section', 'net'],
    ['Priority', 'optional'],
    ['Homepage', 'https://kubernetes.io'],
    ['Description', of.summary],
  ]
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\n`])).join('')
}
