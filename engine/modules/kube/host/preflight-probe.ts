import { NotObserved } from '../../../core/failure.js'
import type { Raw, Read } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { sh } from '../../../shell/quote.js'
import { initMarker, joinMarker } from '../paths.js'

/** What could stand in the way of a machine that is to become a node. */
export type PreflightSeen =
  /** It is one already, or was to become one: kubeadm_init and kubeadm_join check what is there. */
  | { readonly node: true }
  | {
      readonly node: false
      /** undefined: the machine has no ss(8), and kubeadm's own check has to do. */
      readonly listening: readonly Listener[] | undefined
      /** In the order in which a container runtime takes them: it uses the first alone. */
      readonly cniConfigs: readonly string[]
      readonly unresolved: readonly string[]
    }

export interface Listener {
  readonly port: number
  /** '' where ss may not see it. */
  readonly program: string
  readonly pid: string
}

export const probePreflight = (names: readonly string[]): Read<PreflightSeen> =>
  read(
    sh`for f in /etc/kubernetes/*.conf /etc/kubernetes/manifests/*.yaml ${[initMarker, joinMarker]}; do
  [ -e "$f" ] && { echo node; exit 0; }
done
if command -v ss >/dev/null; then echo ss; ss -Hltnp || exit 1; fi
printf '\0'
LC_ALL=C ls /etc/cni/net.d 2>/dev/null
printf '\0'
for n in ${names}; do getent ahosts "$n" >/dev/null || printf '%s\n' "$n"; done
exit 0`,
    parse,
  )

const parse = (answer: Raw): PreflightSeen => {
  if (answer.rc !== 0) throw new NotObserved(answer)
  const said = text(answer.stdout)
  if (said === 'node\n') return { node: true }
  const [sockets, files, names] = said.split('\0').map(part => part.split('\n').filter(line => line !== ''))
  if (sockets === undefined || files === undefined || names === undefined)
    throw new NotObserved(answer, 'the answer is cut short')
  return {
    node: false,
    listening: sockets[0] === 'ss' ? sockets.slice(1).flatMap(listenerOf) : undefined,
    cniConfigs: files.filter(file => /\.(conf|conflist|json)$/.test(file)),
    unresolved: names,
  }
}

/** `LISTEN 0 4096 *:10250 *:* users:(("kubelet",pid=1234,fd=17))`; addresses may be `[::]:6443` or `127.0.0.53%lo:53`. */
const listenerOf = (line: string): readonly Listener[] => {
  const local = line.trim().split(/\s+/)[3] ?? ''
  const port = Number(/:(\d+)$/.exec(local)?.[1])
  if (!Number.isInteger(port)) return []
  const [, program = '', pid = ''] = /users:\(\("([^"]*)",pid=(\d+)/.exec(line) ?? []
  return [{ port, program, pid }]
}
