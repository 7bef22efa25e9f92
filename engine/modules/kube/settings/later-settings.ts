import { yamlText } from '../../../config/yaml/yaml-text.js'
import type { JsonObject } from '../../../core/json.js'
import { jsonText } from '../../../python/json-text.js'
import { sha256 } from '../../support/checksum.js'
import type { InitApi, InitFiles } from '../init-state.js'
import type { InitSettings } from '../kubeadm-config.js'
import { mergeSettings } from '../merge.js'
import { broughtAnnotation, broughtPaths, picked } from './brought.js'
import { type Difference, parsed } from './settings-differ.js'

/** Settings that a cluster takes while it runs: those that differ are laid over what it has, and all else stays. */
export interface KubeletSettingsChange {
  readonly kind: 'kubelet-settings'
  readonly summary: string
  readonly diff: SettingsDiff
  /** What the ConfigMap is patched by, and what takes that back. */
  readonly patch: JsonObject
  readonly back: JsonObject
  /** sha256 of the document, once it is patched. */
  readonly sha256: string
}

export interface ProxySettingsChange {
  readonly kind: 'proxy-settings'
  readonly summary: string
  readonly diff?: SettingsDiff
  readonly patch: JsonObject
  readonly back: JsonObject
  readonly sha256: string
  /** sha256 that the pods were replaced for before; null where they never were. */
  readonly rolledOut: string | null
  /** What takes it back lies on the host since an earlier run. */
  readonly resumes: boolean
}

interface SettingsDiff {
  readonly path: string
  readonly before: string
  readonly after: string
}

type Answering = InitApi & { readonly answers: true }

const kubeletMap = 'ConfigMap kube-system/kubelet-config'
const proxyMap = 'ConfigMap kube-system/kube-proxy'

/** By what runs already: what replaces it would not find it any more, or would be another thing than the rest of the cluster takes it for. */
const fixed: { readonly [variable: string]: readonly string[] } = {
  kubeadm_kubelet: [
    'apiVersion',
    'kind',
    'cgroupDriver',
    'clusterDomain',
    'containerRuntimeEndpoint',
    'staticPodPath',
    'staticPodURL',
  ],
  kubeadm_proxy: ['apiVersion', 'kind', 'clusterCIDR'],
}

/** Whether a cluster can have it otherwise while it runs. */
export const canFollow = ({ variable, path }: Difference): boolean => {
  const [root = ''] = variable.split('.')
  return fixed[root]?.includes(path[0] ?? '') === false
}

/** What of the differences is to be brought to the cluster, and what an earlier run has not brought to its end. */
export const laterChanges = (
  p: InitSettings,
  files: InitFiles,
  api: Answering,
  differences: readonly Difference[],
): readonly (KubeletSettingsChange | ProxySettingsChange)[] => {
  const of = (root: string) => differences.filter(({ variable }) => variable.startsWith(`${root}.`))
  // That of the kubelets is proven later, by each of them: nothing may fail in between.
  return [
    ...proxyChange(p.proxy, files, api, of('kubeadm_proxy')),
    ...kubeletChange(p.kubelet, api, of('kubeadm_kubelet')),
  ]
}

const kubeletChange = (
  given: JsonObject,
  { kubelet: before, versions, brought }: Answering,
  differences: readonly Difference[],
): KubeletSettingsChange[] => {
  const has = before === undefined ? undefined : parsed(before)
  if (before === undefined || has === undefined || differences.length === 0) return []
  const after = overlaid(has, given, differences)
  const paths = union(
    broughtPaths(brought),
    differences.map(({ path }) => path),
  )
  return [
    {
      kind: 'kubelet-settings',
      summary: `${kubeletMap}: ${inShort('kubeadm_kubelet', differences)}; each kubelet takes it at its node's turn, that of a node outside of this run keeps the old`,
      diff: { path: kubeletMap, before, after },
      patch: {
        metadata: { ...resourceVersion(versions?.kubelet), annotations: { [broughtAnnotation]: jsonText(paths) } },
        data: { kubelet: after },
      },
      // What was brought once is compared from then on: kubelets that took it have to find back.
      back: { data: { kubelet: before } },
      sha256: sha256(after),
    },
  ]
}

const proxyChange = (
  given: JsonObject,
  { rollout }: InitFiles,
  { proxy: before, versions, rolledOut }: Answering,
  differences: readonly Difference[],
): ProxySettingsChange[] => {
  const has = before === undefined ? undefined : parsed(before)
  if (before === undefined || has === undefined) return []
  const isRolledOut = rollout !== true && (rolledOut === undefined || rolledOut === sha256(before))
  if (differences.length === 0 && isRolledOut) return []
  const differs = differences.length > 0
  const after = differs ? overlaid(has, given, differences) : before
  const pods = 'replace the pods of kube-proxy'
  return [
    {
      kind: 'proxy-settings',
      summary: differs
        ? `${proxyMap}: ${inShort('kubeadm_proxy', differences)}; ${pods}`
        : `${pods}, which may run with other settings than ${proxyMap} has`,
      ...(differs ? { diff: { path: proxyMap, before, after } } : {}),
      patch: { metadata: resourceVersion(versions?.proxy), data: { 'config.conf': after } },
      back: { data: { 'config.conf': before } },
      sha256: sha256(after),
      rolledOut: rolledOut ?? null,
      resumes: rollout === true,
    },
  ]
}

/** With it a patch is refused where somebody else has changed the object since it was read. */
const resourceVersion = (version: string | undefined): JsonObject =>
  version === undefined ? {} : { resourceVersion: version }

const overlaid = (has: JsonObject, given: JsonObject, differences: readonly Difference[]): string =>
  yamlText(
    mergeSettings(
      has,
      picked(
        given,
        differences.map(({ path }) => path),
      ),
    ),
  )

const union = (
  one: readonly (readonly string[])[],
  other: readonly (readonly string[])[],
): readonly (readonly string[])[] => [
  ...new Map([...one, ...other].map(path => [jsonText(path), path] as const)).values(),
]

/** `maxPods 110 → 200, …` */
export const inShort = (root: string, differences: readonly Difference[]): string =>
  differences.map(({ variable, has, want }) => `${variable.slice(root.length + 1)} ${has} → ${want}`).join(', ')
