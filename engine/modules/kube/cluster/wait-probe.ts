import { NotObserved } from '../../../core/failure.js'
import type { Json, JsonObject } from '../../../core/json.js'
import type { Raw, Read } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'
import { clock } from '../../support/clock.js'
import { getObjects, type ObjectRef, parseObjects } from '../get-objects.js'
import { freshFunction } from '../heartbeat.js'
import { kubectl } from '../kubectl.js'
import { excusedFunction } from './silent-nodes.js'
import {
  excuseOf,
  installation,
  installationStatus,
  isInstallationStatus,
  type Target,
  waitingNamespaces,
} from './wait-target.js'

export interface WaitSeen {
  /** none: no kubeconfig, so no cluster; silent: it does not answer. */
  readonly api: 'none' | 'silent' | 'answers'
  /** What kubectl said, where the API server is silent. */
  readonly why: string
  /** Whether it was waited for; a dry run and a look ahead do not wait. */
  readonly waited: boolean
  readonly objects: readonly JsonObject[]
  /** `KIND|NAMESPACE|NAME` of what lacks nothing but pods on Nodes that the control plane does not hear from. */
  readonly excused: readonly string[]
  /** Nodes whose kubelet, on this machine, has not reported since it was started. */
  readonly stale: readonly string[]
  /** Where waiting was in vain: the Nodes, the pods of the objects' namespaces, and the last words of some of them. */
  readonly nodes: readonly JsonObject[]
  readonly pods: readonly JsonObject[]
  readonly logs: string
}

interface Settings {
  readonly kubeconfig: string
  readonly timeout: number
  readonly targets: readonly Target[]
  /** Without a name, Nodes that the control plane does not hear from are left out; and Deployments whose only pod is on one. */
  readonly leaveOutSilent?: boolean
  /** The API server is this machine's own: without its manifest nothing is going to answer. */
  readonly ownApi?: boolean
}

const apiServerManifest = '/etc/kubernetes/manifests/kube-apiserver.yaml'

const versions: { readonly [kind: string]: string } = {
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  Job: 'batch/v1',
  Node: 'v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
  TigeraStatus: 'operator.tigera.io/v1',
}

const refOf = ({ kind, name = '', namespace }: Target): ObjectRef => ({
  apiVersion: versions[kind] ?? 'v1',
  kind,
  name,
  ...(namespace === undefined ? {} : { namespace }),
})

/**
 * Reads the objects once. Where the engine allows it to wait (TKPLAY_WAIT=1), kubectl first watches each until it is ready or the time
 * is up, but for what `excused` and `fresh` have to say. One that was ready may not be any more when the last one is, so all are looked at once more, and waited for again.
 * When the time is up, what stands in the way is read too. Whether all is ready is decided by `unready` alone.
 */
export const waitProbe = (p: Settings): Read<WaitSeen> => {
  const named = [
    ...p.targets.filter(target => target.name !== undefined).map(refOf),
    ...(p.targets.some(isInstallationStatus) ? [installation] : []),
  ]
  const allNodes = p.targets.some(target => target.kind === 'Node' && target.name === undefined)
  const k = kubectl(p.kubeconfig)
  const reads = [
    ...(named.length === 0 ? [] : [getObjects(p.kubeconfig, named).text]),
    ...(allNodes ? [sh`${k} get --raw /api/v1/nodes`] : []),
  ]
  const looks = reads.length === 0 ? [sh`${k} get --raw /readyz >/dev/null`] : reads
  const fresh = p.targets.flatMap(({ fresh, name }) => (fresh === true && name !== undefined ? [name] : []))
  return read(
    sh`command -v kubectl >/dev/null && [ -e ${p.kubeconfig} ] || exit 44
w=$TKPLAY_WAIT
${new ShellText(p.ownApi === true ? sh`[ -e ${apiServerManifest} ] || w=gone` : '')}
printf '%s\000' "$w"
late=0
${excusedFunction(p.kubeconfig, p.targets, p.leaveOutSilent)}
${freshFunction(p.kubeconfig)}
if [ "$w" = 1 ]; then
  ${clock}
  end=$(($(now) + ${p.timeout}))
  left() { n=$((end - $(now))); [ $n -gt 0 ]; }
  patient() { while left; do "$@" --timeout="$n"s >/dev/null 2>&1 && return 0; sleep 1; done; return 1; }
  quick() { "$@" --timeout=5s >/dev/null 2>&1; }
  unless() {
    how=$1 what=$2; shift 2
    while left; do
      quick "$@" && return 0
      excused | grep -qxF "excused|$what" && return 0
      [ $how = patient ] || return 1
      sleep 1
    done
    return 1
  }
  reported() { while left; do fresh "$2" && return 0; [ "$1" = patient ] || return 1; sleep 1; done; return 1; }
  nodes() {
    while left; do
      n=$(heard | awk -F'|' '$3 != "Unknown" { print "node/" $2 }')
      [ -n "$n" ] && quick ${k} wait --for=condition=Ready $n && return 0
      [ "$1" = patient ] || return 1
      sleep 1
    done
    return 1
  }
  current() { while left; do ${hasSeenInstallation(p.kubeconfig)} && return 0; sleep 1; done; return 1; }
  answers() { while left; do ${k} get --raw /readyz >/dev/null 2>&1 && return 0; sleep 1; done; return 1; }
  all() {
${new ShellText(p.targets.map(target => `    ${waitFor(p, target)} || return 1`).join('\n'))}
  }
  late=1
  while left && all patient; do all quick && late=0 && break; sleep 1; done
fi
first=
${new ShellText(looks.map((look, index) => `${index === 0 ? sh`first=$(${new ShellText(look)}) || exit 45; printf %s "$first"` : `{ ${look}; } || exit 45`}\nprintf '\\000'`).join('\n'))}
${new ShellText(mayLackPods(p.targets))}
for name in ${fresh}; do fresh "$name" || printf 'stale|%s\n' "$name"; done
printf '\000'
[ $late = 1 ] || exit 0
${k} get nodes -o json; printf '\000'
${new ShellText(waitingNamespaces(p.targets).map(evidenceOf(p.kubeconfig)).join('\n'))}
exit 0`,
    answer => parseSeen(answer, reads.length),
    { scope: 'cluster', timeout: (p.timeout + 60) * 1000 },
  )
}

/** Only where pods are missing somebody may be excused; some kinds do not say so in a word. */
const mayLackPods = (targets: readonly Target[]): string => {
  if (targets.some(({ kind }) => kind === 'StatefulSet' || kind === 'TigeraStatus')) return 'excused'
  const counts = targets.some(({ kind }) => kind === 'DaemonSet' || kind === 'Deployment')
  return counts ? `case $first in *'"numberUnavailable"'*|*'"unavailableReplicas"'*) excused ;; esac` : ''
}

/** Whether Calico's operator has looked at the Installation as it is now. One that does not say which it looked at is believed. */
const hasSeenInstallation = (kubeconfig: string): ShellText => {
  const k = kubectl(kubeconfig)
  const condition = '{.status.conditions[?(@.type=="Available")].observedGeneration}'
  return new ShellText(sh`{
    wanted=$(${k} get installations.operator.tigera.io ${installation.name} -o ${'jsonpath={.metadata.generation}'} 2>/dev/null)
    seen=$(${k} get tigerastatuses.operator.tigera.io ${installationStatus} -o ${`jsonpath=${condition}`} 2>/dev/null)
    [ -z "$seen" ] || [ "$seen" -ge "$wanted" ] 2>/dev/null
  }`)
}

/** Shell text for one target; `$1` says how it is waited for: `patient` or `quick`. */
const waitFor = (p: Settings, target: Target): string => {
  const { kind, name, namespace = 'default' } = target
  const k = kubectl(p.kubeconfig, 0)
  const unless = new ShellText(sh`unless "$1" ${excuseOf(target)}`)
  switch (kind) {
    case 'API':
      return 'answers'
    case 'DaemonSet':
    case 'Deployment':
    case 'StatefulSet':
      return sh`${unless} ${k} rollout status ${`${kind}/${name}`} -n ${namespace}`
    case 'Job':
      return sh`"$1" ${k} wait --for=condition=Complete ${`job/${name}`} -n ${namespace}`
    case 'Node':
      if (name === undefined)
        return p.leaveOutSilent === true ? 'nodes "$1"' : sh`"$1" ${k} wait --for=condition=Ready nodes --all`
      return sh`${new ShellText(target.fresh === true ? sh`reported "$1" ${name} && ` : '')}"$1" ${k} wait --for=condition=Ready ${`node/${name}`}`
    case 'TigeraStatus':
      return sh`${new ShellText(isInstallationStatus(target) ? 'current && ' : '')}${unless} ${k} wait --for=condition=Available ${`tigerastatus.operator.tigera.io/${name}`}`
    case 'CustomResourceDefinition':
      return sh`"$1" ${k} wait --for=condition=Established ${`crd/${name}`}`
  }
}

/** The pods, and the last words of three that are not as they should be. */
const evidenceOf =
  (kubeconfig: string) =>
  (namespace: string): string => {
    const k = kubectl(kubeconfig)
    return sh`${k} get pods -n ${namespace} -o json; printf '\000'
for p in $(${k} get pods -n ${namespace} --no-headers 2>/dev/null | awk '{split($2,a,"/"); if (a[1]!=a[2] && $3!="Completed") print $1}' | head -n 3); do
  ${k} logs -n ${namespace} --all-containers --tail=3 --prefix "$p" 2>&1 | tail -n 6
done; printf '\000'`
  }

const parseSeen = (answer: Raw, reads: number): WaitSeen => {
  const [wait, ...parts] = text(answer.stdout).split('\0').slice(0, -1)
  const nothing = {
    why: '',
    waited: wait === '1' || wait === 'gone',
    objects: [],
    excused: [],
    stale: [],
    nodes: [],
    pods: [],
    logs: '',
  }
  if (answer.rc === 44) return { ...nothing, api: 'none' }
  if (answer.rc === 45) return { ...nothing, api: 'silent', why: text(answer.stderr).trim().split('\n').at(-1) ?? '' }
  if (answer.rc !== 0) throw new NotObserved(answer, 'what the cluster holds')
  const [notes = '', nodes = '', ...evidence] = parts.slice(Math.max(reads, 1))
  const noted = (word: string): readonly string[] =>
    notes.split('\n').flatMap(line => (line.startsWith(`${word}|`) ? [line.slice(word.length + 1)] : []))
  return {
    ...nothing,
    api: 'answers',
    objects: parts.slice(0, reads).flatMap(part => objectsOf(part, answer)),
    excused: noted('excused'),
    stale: noted('stale'),
    nodes: objectsOf(nodes, answer),
    pods: evidence.filter((_, index) => index % 2 === 0).flatMap(part => objectsOf(part, answer)),
    logs: evidence
      .filter((_, index) => index % 2 === 1)
      .join('')
      .trim(),
  }
}

const objectsOf = (part: string, answer: Raw): readonly JsonObject[] => {
  try {
    // `--raw` gives a NodeList, whose items do not say their kind.
    return parseObjects(part).flatMap(object =>
      object['kind'] === 'NodeList' && Array.isArray(object['items']) ? object['items'].map(asNode) : [object],
    )
  } catch {
    throw new NotObserved(answer, 'the API server does not answer in JSON')
  }
}

const asNode = (item: Json): JsonObject => ({ ...(item as JsonObject), kind: 'Node' })
