import { ApplyFailed } from '../../core/failure.js'
import type { Session } from '../../core/module.js'
import { text } from '../../core/read.js'
import { sh } from '../../shell/quote.js'
import { clock } from '../lib/clock.js'
import type { FollowChange } from './follow-settings.js'
import { kubectl, kubectlArgv } from './kubectl.js'
import { adminConf } from './paths.js'
import { excusedFunction } from './silent-nodes.js'
import { excuseOf, type Target } from './wait-target.js'

const proxy: Target = { kind: 'DaemonSet', namespace: 'kube-system', name: 'kube-proxy' }

/** kubelets take theirs node by node (kubelet_config); kube-proxy's pods are replaced here, node by node too. */
export const applyFollow = async (change: FollowChange, host: Session): Promise<void> => {
  if (change.kind === 'kubelet-settings') return patch(host, 'kubelet-config', 'kubelet', change.after)
  await patch(host, 'kube-proxy', 'config.conf', change.after)
  const rolled = await host.shell(rollOut, { ok: 'any' })
  if (rolled.rc === 0) return
  // One node at a time: the others still have the pods of before.
  await patch(host, 'kube-proxy', 'config.conf', change.before)
  await host.run(kubectlArgv(adminConf, 'rollout', 'restart', 'ds/kube-proxy', '-n', 'kube-system'))
  throw new ApplyFailed('kubectl rollout status ds/kube-proxy', rolled, {
    diagnosis: { code: 'proxy-settings', data: { logs: text(rolled.stdout).trim() } },
  })
}

const patch = async (host: Session, name: string, key: string, value: string): Promise<void> => {
  const argv = kubectlArgv(
    adminConf,
    'patch',
    'configmap',
    name,
    '-n',
    'kube-system',
    '--type=merge',
    '--patch-file=/dev/stdin',
  )
  await host.run(argv, { stdin: JSON.stringify({ data: { [key]: value } }) })
}

const k = kubectl(adminConf, 0)

/** Prints the last words of the pods that do not come up. */
const rollOut = sh`${clock}
${excusedFunction(adminConf, [proxy])}
${k} rollout restart ds/kube-proxy -n kube-system >/dev/null || exit 1
end=$(($(now) + 180))
while [ "$(now)" -lt $end ]; do
  ${k} rollout status ds/kube-proxy -n kube-system --timeout=5s >/dev/null 2>&1 && exit 0
  excused | grep -qxF ${`excused|${excuseOf(proxy)}`} && exit 0
done
for p in $(${k} get pods -n kube-system -l k8s-app=kube-proxy --no-headers | awk '{split($2,a,"/"); if (a[1]!=a[2]) print $1}' | head -n 2); do
  ${k} logs -n kube-system --tail=3 --prefix "$p" 2>&1 | tail -n 3
done
exit 1`
