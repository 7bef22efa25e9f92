import { isJsonObject, type Json } from '../../../core/json.js'
import type { Plan } from '../../../core/module.js'
import { causesOf } from '../api-diagnosis.js'
import { controlPlaneFiles, type InitApi, type InitFiles } from '../init-state.js'
import type { InitSettings } from '../kubeadm-config.js'
import {
  canFollow,
  type KubeletSettingsChange,
  laterChanges,
  type ProxySettingsChange,
} from '../settings/later-settings.js'
import { settingsThatDiffer } from '../settings/settings-differ.js'

export type InitChange =
  | { readonly kind: 'reset-partial'; readonly summary: string }
  | { readonly kind: 'init'; readonly summary: string }
  | { readonly kind: 'resume'; readonly summary: string; readonly missing: readonly string[] }
  | KubeletSettingsChange
  | ProxySettingsChange

export interface InitSeen {
  readonly files: InitFiles
  readonly api: InitApi
}

/**
 * Where a control plane stands, by the order of kubeadm's own phases: absent, partial, resumable, broken, done.
 * Only a partial state that is certainly ours, and whose API server was never ready, is taken away without asking.
 */
export const planInit = (p: InitSettings, { files, api }: InitSeen): Plan<InitChange> => {
  if (api.answers) {
    const other = differences(p, api.clusterConfiguration ?? '')
    if (other.length > 0) return { refused: 'other-cluster', data: { differences: other } }
    const version = versionOf(api.clusterConfiguration ?? '')
    const wanted = p.kubernetes_version.replace(/^v/, '')
    if (version !== undefined && version !== wanted) return { refused: 'other-version', data: { has: version, wanted } }
    const settings = settingsThatDiffer(p, api)
    const stay = settings.filter(one => !canFollow(one)).map(({ variable, has, want }) => ({ variable, has, want }))
    if (stay.length > 0) return { refused: 'other-settings', data: { differences: stay } }
    const apiServer = 'manifests/kube-apiserver.yaml'
    const gone = files.finalised && !isWorker(files) && !files.has.includes(apiServer) ? causesGone(files) : []
    if (gone.length > 0) return { refused: 'broken', data: { why: 'what it is started from is gone', causes: gone } }
    const missing = missingParts(p, files, api)
    if (missing.length === 0) return { changes: laterChanges(p, files, api, settings) }
    return { changes: [{ kind: 'resume', missing, summary: `finish kubeadm init: ${missing.join(', ')}` }] }
  }
  const init: InitChange = {
    kind: 'init',
    summary: `kubeadm init ${p.kubernetes_version} at ${p.control_plane_endpoint}`,
  }
  if (files.has.length === 0) return { changes: [init] }
  if (isWorker(files)) return { refused: 'worker', data: {} }
  if (files.finalised) return { refused: 'broken', data: { why: api.why, causes: causes(files, api) } }
  if (files.marker !== 'started')
    return { refused: 'partial', data: { has: files.has, wasReady: files.marker === 'api-ready' } }
  return {
    changes: [{ kind: 'reset-partial', summary: 'take away what an interrupted kubeadm init of tkplay left' }, init],
  }
}

/** The settings of a cluster that cannot be changed once it is there. */
const differences = (p: InitSettings, configuration: string): Json[] => {
  const wanted: readonly (readonly [string, string, string])[] = [
    ['controlPlaneEndpoint', 'control_plane_endpoint', p.control_plane_endpoint],
    ['podSubnet', 'pod_subnet', p.pod_subnet],
    ['serviceSubnet', 'service_subnet', p.service_subnet],
    ['dnsDomain', 'dns_domain', p.dns_domain],
  ]
  return wanted.flatMap(([field, variable, want]) => {
    const [, has] = new RegExp(`^\\s*${field}: *"?([^"\\n]+?)"? *$`, 'm').exec(configuration) ?? []
    return has === undefined || has === want ? [] : [{ variable, has, want }]
  })
}

const missingParts = (p: InitSettings, files: InitFiles, api: InitApi & { readonly answers: true }): string[] => [
  ...(api.clusterConfiguration === undefined ? ['upload-config'] : []),
  ...(api.marked ? [] : ['mark-control-plane']),
  ...(api.clusterInfo ? [] : ['bootstrap-token']),
  ...(files.finalised ? [] : ['kubelet-finalize']),
  ...(api.kubeProxy || isOff(p, 'proxy', 'addon/kube-proxy') ? [] : ['addon/kube-proxy']),
  ...(api.coredns || isOff(p, 'dns', 'addon/coredns') ? [] : ['addon/coredns']),
]

const isOff = (p: InitSettings, key: 'proxy' | 'dns', phase: string): boolean => {
  const setting = p.cluster[key]
  const disabled = isJsonObject(setting) && setting['disabled'] === true
  return disabled || skippedByUser(p).some(skipped => skipped === 'addon' || skipped === phase)
}

/** Phases that the user's own `skipPhases` leaves out; flags replace that list, so it is carried into them. */
export const skippedByUser = (p: InitSettings): readonly string[] => {
  const skipped = p.init['skipPhases']
  return Array.isArray(skipped) ? skipped.filter(phase => typeof phase === 'string') : []
}

/** A worker that has joined has a kubelet.conf and nothing else of a control plane. */
const isWorker = (files: InitFiles): boolean => files.finalised && files.has.every(file => file === 'kubelet.conf')

/** What kubeadm itself wrote down as the cluster's version. */
const versionOf = (configuration: string): string | undefined =>
  /^kubernetesVersion: *"?v?([^"\n]+?)"? *$/m.exec(configuration)?.[1]

/** What is not there any more explains all else. */
const causes = (files: InitFiles, api: InitApi & { readonly answers: false }): Json[] => [
  ...causesGone(files),
  ...(api.evidence === undefined ? [] : causesOf(api.evidence)).map(({ what, remedy }) => ({ what, remedy })),
]

const causesGone = (files: InitFiles): Json[] => {
  const gone = [...controlPlaneFiles.map(file => `/etc/kubernetes/${file}`), '/var/lib/etcd/member'].filter(
    path => !files.has.includes(path === '/var/lib/etcd/member' ? 'etcd' : path.slice('/etc/kubernetes/'.length)),
  )
  return [
    ...(gone.length === 0
      ? []
      : [
          {
            what: `${gone.join(', ')} ${gone.length === 1 ? 'is' : 'are'} gone`,
            remedy: 'bring back what is gone from a backup',
          },
        ]),
  ]
}
