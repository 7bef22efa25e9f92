import { ShellText, sh } from '../../../shell/quote.js'
import { clock } from '../../support/clock.js'
import { excusedFunction } from '../cluster/silent-nodes.js'
import { excuseOf, type Target } from '../cluster/wait-target.js'
import { kubectl } from '../kubectl.js'
import { adminConf, proxyBefore, stateDir } from '../paths.js'
import { rolledAnnotation } from './brought.js'

export const proxyPatch = `${stateDir}/kube-proxy.json`

const daemonSet: Target = { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' }

/** The patch that has the pods replaced for settings of this sha256; null for those of before tkplay ever did. */
export const templateOf = (sha256: string | null) => ({
  spec: { template: { metadata: { annotations: { [rolledAnnotation]: sha256 } } } },
})

/** Without a pod more that is there, seconds until it is given up. */
const patience = 180

/**
 * Seconds without an end until a pod counts. It is called ready as soon as it has begun, since it has no probe: one that ends a moment later
 * would be taken for good, and the next one replaced.
 */
const steady = 10

/**
 * Changes kube-proxy's settings, has its pods replaced, and waits until all are on Nodes that the control plane hears from: the pod of a
 * silent one is never replaced. Since it is missing already, it would use up what the DaemonSet allows to be missing, and the others would
 * wait for ever; so one more may be missing for each silent Node, as long as it takes. Where a pod does not come up, settings and pods of before
 * are brought back; not where the API server is silent, which says nothing about the pods: then the next run looks again.
 *
 * On stderr a line `tkplay: WORD` says what went wrong, and the pods' last words follow.
 */
export const rollOutScript = (sha256: string, resumes: boolean): string => {
  const k = kubectl(adminConf, 20)
  const ds = 'daemonset/kube-proxy'
  // Nothing was changed yet, by this run.
  const abandon = new ShellText(resumes ? ':' : 'forget')
  return sh`: kubectl rollout restart ${ds} -n kube-system
umask 077
${clock}
${excusedFunction(adminConf, [daemonSet])}
say() { printf 'tkplay: %s\n' "$*" >&2; }
k() { timeout 30 ${k} -n kube-system "$@"; }
state() { k get ${ds} -o ${`jsonpath=${statePath}`} 2>/dev/null; }
strategy() { k patch ${ds} --type=merge -p "{\"spec\":{$1}}" >/dev/null; }
forget() { rm -f ${Object.values(proxyBefore)} ${proxyPatch}; }
if [ ! -e ${proxyBefore.strategy} ]; then
  had=$(k get ${ds} -o ${`jsonpath=${strategyPath}`}) || { say silent; ${abandon}; exit 1; }
  printf '%s\n' "$had" >${proxyBefore.strategy}
fi
IFS='|' read -r most minimum <${proxyBefore.strategy}
# A share in percent is left as it is, and so are pods that are added before others go.
case $most in ''|0|*[!0-9]*) most= ;; esac
allowed=
lift() {
  [ -n "$most" ] || return 0
  silent=$(heard | grep -c '|Unknown$')
  [ $((most + silent)) = "$allowed" ] || { missing $((most + silent)) && allowed=$((most + silent)); }
}
missing() { strategy "\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":$1}}"; }
settle() {
  strategy "\"minReadySeconds\":$((minimum + 0))"
  [ -z "$most" ] || [ "$allowed" = "$most" ] || missing "$most"
}
crashing() {
  k get pods -l k8s-app=kube-proxy -o ${`jsonpath=${podPath}`} 2>/dev/null | awk -F'|' -v t="$template" '$2 == t && $3 >= 2 && $4 == "CrashLoopBackOff" { print $1; exit }'
}
# Which pods there are, and how often each was begun.
begun() { k get pods -l k8s-app=kube-proxy -o ${`jsonpath=${podPath}`} 2>/dev/null | cut -d'|' -f1,3; }
# Whether all pods are replaced; it goes on as long as there is one more from time to time.
replaced() {
  best=0 held= end=$(($(now) + ${patience}))
  while [ "$(now)" -lt $end ]; do
    lift
    IFS='|' read -r generation observed wanted updated available template <<EOS
$(state)
EOS
    if [ -n "$generation" ] && [ "$generation" = "$observed" ]; then
      [ $((updated + 0)) -lt $((wanted + 0)) ] || [ $((available + 0)) -lt $((wanted + 0)) ] || return 0
      [ $((updated + 0)) -le $best ] || { best=$updated; end=$(($(now) + ${patience})); }
      [ -z "$(crashing)" ] || return 1
      if excused | grep -qxF ${`excused|${excuseOf(daemonSet)}`}; then
        now_is=$(begun)
        [ "$now_is" = "$held" ] || { held=$now_is; since=$(now); }
        [ -z "$held" ] || [ $(($(now) - since)) -lt ${steady} ] || return 0
      else held=; fi
    fi
    sleep 2
  done
  return 1
}
words() {
  k get pods -l k8s-app=kube-proxy -o ${`jsonpath=${podPath}`} | awk -F'|' -v t="$template" '$2 == t && ($5 != "True" || $3 > 0) { print $1 }' | head -n 1 | while read -r pod; do
    text=$(k logs "$pod" --previous --tail=20 2>/dev/null || k logs "$pod" --tail=20 2>/dev/null)
    bad=$(printf '%s\n' "$text" | grep -E '^[EF][0-9]|rror' | tail -n 2)
    [ -n "$bad" ] || bad=$(printf '%s\n' "$text" | tail -n 2)
    printf '%s: %s\n' "$pod" "$bad" | cut -c1-600
  done
}
template() { k patch ${ds} --type=merge "$@" >/dev/null; }
settings() { k patch configmap/kube-proxy --type=merge --patch-file="$1" >/dev/null; }
settings ${proxyPatch} || { ${abandon}; exit 1; }
strategy ${`"minReadySeconds":${steady}`}
template -p ${JSON.stringify(templateOf(sha256))}; rc=$?
if [ $rc = 0 ]; then
  replaced && { settle; forget; exit 0; }
  k get --raw /readyz >/dev/null 2>&1 || { say unseen; exit 1; }
  said=$(words 2>/dev/null)
fi
word=failed
if settings ${proxyBefore.settings} && template --patch-file ${proxyBefore.template}; then
  word=failed-back
  replaced || word=failed-slow
fi
settle
[ $word = failed ] || forget
[ $rc != 0 ] || { say $word; printf '%s\n' "$said" >&2; }
exit 1`
}

const statePath =
  '{.metadata.generation}|{.status.observedGeneration}|{.status.desiredNumberScheduled}|{.status.updatedNumberScheduled}|{.status.numberAvailable}|{.metadata.annotations.deprecated\\.daemonset\\.template\\.generation}{"\\n"}'

/** How many pods may be missing, and the seconds until one counts. */
const strategyPath = '{.spec.updateStrategy.rollingUpdate.maxUnavailable}|{.spec.minReadySeconds}'

/** Name, its template's number, how often it was begun again, what it waits for, and whether it is ready. */
const podPath =
  '{range .items[*]}{.metadata.name}|{.metadata.labels.pod-template-generation}|{.status.containerStatuses[0].restartCount}|{.status.containerStatuses[0].state.waiting.reason}|{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'
