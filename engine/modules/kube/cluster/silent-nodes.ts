import { ShellText, sh } from '../../../shell/quote.js'
import { kubectl } from '../kubectl.js'
import type { Target } from './wait-target.js'

/**
 * A Node that the control plane does not hear from (its Ready is Unknown) keeps its pods for minutes, and those of DaemonSets for ever: they
 * are unavailable, and nobody can bring them back but who mends the machine. A rollout that lacks nothing but them is as ready as it can be.
 *
 * The shell function `excused` prints a line for each such target; nothing where all Nodes are heard from. With `leaveOut` a Deployment of
 * one pod may lack it, if that is on such a Node: until it is brought back elsewhere nobody can do anything about it.
 */
export const excusedFunction = (kubeconfig: string, targets: readonly Target[], leaveOut = false): ShellText => {
  const k = kubectl(kubeconfig)
  const rolled = targets.filter(({ kind }) => kind in wantedPaths)
  const namespaces = [...new Set(rolled.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])))]
  const gets = [
    ...rolled.map(({ kind, name = '', namespace }) => {
      const where = namespace === undefined ? [] : ['-n', namespace]
      return sh`${k} get ${`${kind}/${name}`} ${where} --ignore-not-found -o ${`jsonpath=${wantedPaths[kind]}`}`
    }),
    ...namespaces.map(namespace => sh`${k} get pods -n ${namespace} -o ${`jsonpath=${podPath}`}`),
  ]
  return new ShellText(sh`heard() { ${k} get nodes -o ${`jsonpath=${nodePath}`} 2>/dev/null; }
excused() {
  nodes=$(heard)
  case $nodes in *'|Unknown'*) ;; *) return ;; esac
  { printf '%s\n' "$nodes"; ${new ShellText(gets.map(get => `${get} 2>/dev/null`).join('; ') || ':')}; } | awk -F'|' -v leave=${leaveOut ? 1 : 0} ${excuseProgram}
}`)
}

/** Kind, namespace, name, generation, generation that was seen, pods wanted, pods updated, all pods, and the template's own number. */
const line = (kind: string, wanted: string, updated: string, all: string, template = ''): string =>
  `W|${kind}|{.metadata.namespace}|{.metadata.name}|{.metadata.generation}|{.status.observedGeneration}|${wanted}|${updated}|${all}|${template}{"\\n"}`

const replicated = (kind: string): string =>
  line(kind, '{.spec.replicas}', '{.status.updatedReplicas}', '{.status.replicas}')

const wantedPaths: { readonly [kind: string]: string } = {
  DaemonSet: line(
    'DaemonSet',
    '{.status.desiredNumberScheduled}',
    '{.status.updatedNumberScheduled}',
    '',
    '{.metadata.annotations.deprecated\\.daemonset\\.template\\.generation}',
  ),
  Deployment: replicated('Deployment'),
  StatefulSet: replicated('StatefulSet'),
  TigeraStatus: 'W|TigeraStatus||{.metadata.name}|{.status.conditions[?(@.type=="Degraded")].status}{"\\n"}',
}

const nodePath = '{range .items[*]}N|{.metadata.name}|{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'

/** Namespace, whose pod it is, its template's hash and number, Node, whether it is ready, and whether it goes. */
const podPath =
  '{range .items[*]}P|{.metadata.namespace}|{.metadata.ownerReferences[*].kind}|{.metadata.ownerReferences[*].name}|{.metadata.labels.pod-template-hash}|{.metadata.labels.pod-template-generation}|{.spec.nodeName}|{.status.conditions[?(@.type=="Ready")].status}|{.metadata.deletionTimestamp}{"\\n"}{end}'

/**
 * Of a DaemonSet all pods on Nodes that are heard from are to be ready and of the wanted template; of a Deployment no old pods may be left
 * and one at least must be ready, unless it is left out. Calico's operator counts its DaemonSet's pods in the same way as Kubernetes does.
 */
const excuseProgram = `
$1 == "N" && $3 == "Unknown" { silent[$2] = 1; anySilent = 1 }
$1 == "W" { wanted[++targets] = $0 }
$1 == "P" { pod[++pods] = $0 }
END {
  for (i = 1; i <= targets; i++) {
    split(wanted[i], w, "|")
    if (w[2] == "TigeraStatus") {
      if (anySilent && w[5] != "True") print "excused|" w[2] "|" w[3] "|" w[4]
      continue
    }
    daemons = w[2] == "DaemonSet"; gone = 0; ready = 0
    for (j = 1; j <= pods; j++) {
      split(pod[j], p, "|")
      owner = w[2] == "Deployment" ? "ReplicaSet" : w[2]
      name = w[2] == "Deployment" ? w[4] "-" p[5] : w[4]
      if (p[2] != w[3] || p[3] != owner || p[4] != name) continue
      if (p[7] in silent) { if (daemons || p[9] == "") gone++; continue }
      if (p[8] == "True" && p[9] == "" && (!daemons || p[6] == w[10])) ready++
    }
    if (gone == 0 || w[6] + 0 < w[5] + 0 || ready < w[7] - gone) continue
    serves = ready > 0 || (leave && w[2] == "Deployment" && w[7] == 1 && gone == 1)
    if (daemons || (serves && w[8] + 0 >= w[7] + 0 && w[8] == w[9])) print "excused|" w[2] "|" w[3] "|" w[4]
  }
}`
