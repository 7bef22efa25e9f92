import { yamlText } from '../../config/yaml-text.js'
import type { InitApi } from './init-state.js'
import type { InitSettings } from './kubeadm-config.js'
import { mergeSettings } from './merge.js'
import { type Difference, parsed } from './settings-differ.js'

/** Settings that a cluster takes while it runs: what is given is laid over what it has, and all else stays. */
export interface FollowChange {
  readonly kind: 'kubelet-settings' | 'proxy-settings'
  readonly summary: string
  readonly before: string
  readonly after: string
  readonly diff: { readonly path: string; readonly before: string; readonly after: string }
}

interface Part {
  readonly kind: FollowChange['kind']
  readonly variable: 'kubeadm_kubelet' | 'kubeadm_proxy'
  readonly given: (p: InitSettings) => InitSettings['kubelet']
  readonly has: (api: Answering) => string | undefined
  readonly what: string
  /** What is at work by it would not be found any more by what replaces it. */
  readonly fixed: readonly string[]
}

type Answering = InitApi & { readonly answers: true }

const partsThatFollow: readonly Part[] = [
  {
    kind: 'kubelet-settings',
    variable: 'kubeadm_kubelet',
    given: p => p.kubelet,
    has: api => api.kubelet,
    what: 'ConfigMap kube-system/kubelet-config',
    fixed: ['cgroupDriver', 'clusterDomain', 'containerRuntimeEndpoint', 'staticPodPath'],
  },
  {
    kind: 'proxy-settings',
    variable: 'kubeadm_proxy',
    given: p => p.proxy,
    has: api => api.proxy,
    what: 'ConfigMap kube-system/kube-proxy',
    fixed: ['clusterCIDR'],
  },
]

/** Whether a cluster can have it otherwise while it runs. */
export const canFollow = ({ variable }: Difference): boolean => {
  const [root, key = ''] = variable.split('.')
  const part = partsThatFollow.find(one => one.variable === root)
  return part !== undefined && !part.fixed.includes(key)
}

export const followChanges = (
  p: InitSettings,
  api: Answering,
  differences: readonly Difference[],
): readonly FollowChange[] =>
  partsThatFollow.flatMap(part => {
    const before = part.has(api)
    const its = differences.filter(({ variable }) => variable.startsWith(`${part.variable}.`))
    const has = before === undefined ? undefined : parsed(before)
    if (before === undefined || has === undefined || its.length === 0) return []
    const after = yamlText(mergeSettings(has, part.given(p)))
    const summary = `${part.what}: ${saidShort(part.variable, its)}`
    return [{ kind: part.kind, summary, before, after, diff: { path: part.what, before, after } }]
  })

/** `maxPods 110 → 200, …` */
export const saidShort = (root: string, differences: readonly Difference[]): string =>
  differences.map(({ variable, has, want }) => `${variable.slice(root.length + 1)} ${has} → ${want}`).join(', ')
