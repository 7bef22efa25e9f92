import { NotObserved } from '../../core/failure.js'
import { isJsonObject, type JsonObject } from '../../core/json.js'
import type { Raw, Read } from '../../core/module.js'
import { read, text } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { type ApiDiagnosis, apiDiagnosis, parseApiDiagnosis } from './api-diagnosis.js'
import { findObject, getObjects, inside, type ObjectRef, parseObjects } from './get-objects.js'
import { adminConf, initMarker, kubeletConf, proxyBefore } from './paths.js'
import { broughtAnnotation, rolledAnnotation } from './settings/brought.js'

/** What lies on the disk of a (future) control plane. */
export interface InitFiles {
  /** Of the names in `controlPlaneFiles`, those that are there; `etcd` for a member's data. */
  readonly has: readonly string[]
  /** kubelet.conf names the certificate that the kubelet renews itself: kubeadm's phase kubelet-finalize has run. */
  readonly finalised: boolean
  /** tkplay's own note of an init that is not finished. */
  readonly marker?: 'started' | 'api-ready'
  /** kube-proxy's pods were being replaced, and nobody saw the end. */
  readonly rollout?: true
}

/** What the cluster says, or that it says nothing. */
export type InitApi =
  | { readonly answers: false; readonly why: string; readonly evidence?: ApiDiagnosis }
  | {
      readonly answers: true
      /** The ClusterConfiguration that kubeadm uploaded, as YAML. */
      readonly clusterConfiguration?: string
      readonly clusterInfo: boolean
      readonly kubeProxy: boolean
      readonly coredns: boolean
      /** The Node of this machine carries the control plane's label; kubeadm sets its taint in the same patch. */
      readonly marked: boolean
      /** The kubelet's and kube-proxy's settings as the cluster keeps them, in YAML. */
      readonly kubelet?: string
      readonly proxy?: string
      /** resourceVersions of their ConfigMaps. */
      readonly versions?: { readonly kubelet?: string; readonly proxy?: string }
      /** The settings that came to the kubelets after init, as tkplay wrote them down. */
      readonly brought?: string
      /** sha256 of the settings that kube-proxy's pods were last replaced for; none before the first time. */
      readonly rolledOut?: string
    }

export const controlPlaneFiles = [
  'manifests/etcd.yaml',
  'manifests/kube-apiserver.yaml',
  'manifests/kube-controller-manager.yaml',
  'manifests/kube-scheduler.yaml',
  'admin.conf',
  'kubelet.conf',
] as const

export const initFiles: Read<InitFiles> = read(
  sh`for f in ${controlPlaneFiles}; do [ -e /etc/kubernetes/$f ] && printf '%s\n' "has $f"; done
[ -e /var/lib/etcd/member ] && echo 'has etcd'
[ -e ${kubeletConf} ] && grep -q kubelet-client-current.pem ${kubeletConf} && echo finalised
if [ -e ${initMarker} ]; then read -r m < ${initMarker}; printf '%s\n' "marker $m"; fi
[ -e ${proxyBefore.settings} ] && echo rollout
[ -d /etc/kubernetes ] && [ ! -r /etc/kubernetes ] && exit 1
exit 0`,
  answer => {
    const lines = linesOf(answer)
    const after = (word: string) =>
      lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1))
    const [marker] = after('marker')
    return {
      has: after('has'),
      finalised: lines.includes('finalised'),
      ...(lines.includes('rollout') ? { rollout: true as const } : {}),
      ...(marker === undefined
        ? {}
        : { marker: marker === 'api-ready' ? ('api-ready' as const) : ('started' as const) }),
    }
  },
)

const refs = (nodeName: string) => ({
  configuration: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'kubeadm-config' },
  kubelet: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'kubelet-config' },
  proxy: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-system', name: 'kube-proxy' },
  clusterInfo: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'kube-public', name: 'cluster-info' },
  kubeProxy: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' },
  coredns: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns' },
  node: { apiVersion: 'v1', kind: 'Node', name: nodeName },
})

export const initApi = (nodeName: string): Read<InitApi> =>
  read(
    sh`[ -e ${adminConf} ] || { echo 'no admin.conf'; exit 3; }
command -v kubectl >/dev/null || { echo 'no kubectl'; exit 3; }
${getObjects(adminConf, Object.values(refs(nodeName)))} && exit 0
${new ShellText(apiDiagnosis)}`,
    answer => parseApi(answer, nodeName),
    { scope: 'cluster', timeout: 45_000 },
  )

const parseApi = (answer: Raw, nodeName: string): InitApi => {
  if (answer.rc === 3) return { answers: false, why: text(answer.stdout).trim() }
  // Whatever kubectl says, nothing was learnt of the cluster: only what it says decides what to tell the user.
  if (answer.rc !== 0) {
    const evidence = parseApiDiagnosis(text(answer.stdout))
    return { answers: false, why: lastLine(text(answer.stderr)), ...(evidence === undefined ? {} : { evidence }) }
  }
  const objects = objectsOf(answer)
  const found = (ref: ObjectRef) => findObject(objects, ref)
  const { configuration, kubelet, proxy, clusterInfo, kubeProxy, coredns, node } = refs(nodeName)
  const kubeletSettings = inside(found(kubelet), 'data', 'kubelet')
  const proxySettings = inside(found(proxy), 'data', 'config.conf')
  const uploaded = inside(found(configuration), 'data', 'ClusterConfiguration')
  const brought = inside(found(kubelet), 'metadata', 'annotations', broughtAnnotation)
  const rolledOut = inside(found(kubeProxy), 'spec', 'template', 'metadata', 'annotations', rolledAnnotation)
  const labels = inside(found(node), 'metadata', 'labels')
  return {
    answers: true,
    clusterInfo: found(clusterInfo) !== undefined,
    kubeProxy: found(kubeProxy) !== undefined,
    coredns: found(coredns) !== undefined,
    marked: isJsonObject(labels) && 'node-role.kubernetes.io/control-plane' in labels,
    ...(typeof uploaded === 'string' ? { clusterConfiguration: uploaded } : {}),
    ...(typeof kubeletSettings === 'string' ? { kubelet: kubeletSettings } : {}),
    ...(typeof proxySettings === 'string' ? { proxy: proxySettings } : {}),
    versions: { ...versionOf('kubelet', found(kubelet)), ...versionOf('proxy', found(proxy)) },
    ...(typeof brought === 'string' ? { brought } : {}),
    ...(typeof rolledOut === 'string' ? { rolledOut } : {}),
  }
}

const versionOf = (name: 'kubelet' | 'proxy', map: JsonObject | undefined): { readonly [name: string]: string } => {
  const version = inside(map, 'metadata', 'resourceVersion')
  return typeof version === 'string' ? { [name]: version } : {}
}

/** Before it kubectl tells of each attempt. */
const lastLine = (said: string): string => said.trim().split('\n').at(-1) ?? ''

const objectsOf = (answer: Raw): readonly JsonObject[] => {
  try {
    return parseObjects(text(answer.stdout))
  } catch {
    throw new NotObserved(answer, 'the API server does not answer in JSON')
  }
}

const linesOf = (answer: Raw): readonly string[] => {
  if (answer.rc !== 0) throw new NotObserved(answer)
  return text(answer.stdout)
    .split('\n')
    .filter(line => line !== '')
}
