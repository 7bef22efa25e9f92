import { X509Certificate } from 'node:crypto'
import { isJsonObject, type Json } from '../../core/json.js'
import { sh } from '../../shell/quote.js'
import { inside } from './get-objects.js'
import { containerdSocket } from './paths.js'

/** Why the API server of a finished control plane may be silent, as far as its machine can tell. */
export interface ApiDiagnosis {
  readonly kubelet: string
  readonly containerd: string
  /** Where etcd's data lies. */
  readonly disk?: { readonly percent: number; readonly mount: string }
  /** Certificates that are not valid now. */
  readonly expired: readonly { readonly file: string; readonly until: string }[]
  /** Of etcd and the API server: those whose newest container does not run. */
  readonly exited: readonly string[]
}

const certificates = [
  '/etc/kubernetes/pki/apiserver.crt',
  '/etc/kubernetes/pki/apiserver-etcd-client.crt',
  '/etc/kubernetes/pki/etcd/server.crt',
  '/etc/kubernetes/pki/ca.crt',
]

/** Reads no more than a few files and asks three programs, each bounded in time. Ends with the return code that it found. */
export const apiDiagnosis: string = sh`rc=$?
printf '\0kubelet %s\ncontainerd %s\n' "$(systemctl is-active kubelet)" "$(systemctl is-active containerd)"
printf '%s\n' "now $(date +%s)"
LC_ALL=C df -P /var/lib/etcd 2>/dev/null | sed -n '2s/^.* \([0-9]*\)% \(.*\)$/disk \1 \2/p'
for f in ${certificates}; do [ -r "$f" ] && { printf '%s\n' "cert $f"; cat "$f"; }; done
printf '\0'
timeout 8 crictl --runtime-endpoint ${containerdSocket} --timeout 5s ps -a -o json 2>/dev/null
exit $rc`

/** Of what follows the first NUL byte; undefined where there is none. */
export const parseApiDiagnosis = (said: string): ApiDiagnosis | undefined => {
  const [, facts, containers = ''] = said.split('\0')
  if (facts === undefined) return undefined
  const word = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(facts)?.[1] ?? ''
  const now = Number(word('now')) * 1000
  const [, percent, mount = ''] = /^disk (\d+) (.*)$/m.exec(facts) ?? []
  return {
    kubelet: word('kubelet'),
    containerd: word('containerd'),
    ...(percent === undefined ? {} : { disk: { percent: Number(percent), mount } }),
    expired: [...facts.matchAll(/^cert (\S+)\n(-----BEGIN[\s\S]*?-----END CERTIFICATE-----)/gm)].flatMap(
      ([, file = '', pem = '']) => expiredAt(file, pem, now),
    ),
    exited: exitedOf(containers),
  }
}

const expiredAt = (file: string, pem: string, now: number): ApiDiagnosis['expired'] => {
  const { validTo } = new X509Certificate(pem)
  return Date.parse(validTo) < now ? [{ file, until: validTo }] : []
}

const exitedOf = (containers: string): readonly string[] => {
  const list = jsonOf(containers)
  const newest = new Map<string, { readonly state: string; readonly created: bigint }>()
  for (const one of isJsonObject(list) && Array.isArray(list['containers']) ? list['containers'] : []) {
    const [name, state, created] = [inside(one, 'metadata', 'name'), inside(one, 'state'), inside(one, 'createdAt')]
    if (typeof name !== 'string' || typeof state !== 'string' || !/^\d+$/.test(String(created))) continue
    const at = BigInt(String(created))
    if ((newest.get(name)?.created ?? -1n) < at) newest.set(name, { state, created: at })
  }
  return ['etcd', 'kube-apiserver'].filter(name => newest.get(name)?.state === 'CONTAINER_EXITED')
}

const jsonOf = (text: string): Json => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}

/** The most telling first: what is wrong, and the one thing to do about it. */
export const causesOf = ({ kubelet, containerd, disk, expired, exited }: ApiDiagnosis): readonly Cause[] => [
  ...(disk !== undefined && disk.percent >= 99
    ? [
        {
          what: `the disk of etcd (${disk.mount}) is ${disk.percent}% full`,
          remedy: `make room in ${disk.mount}, then run again`,
        },
      ]
    : []),
  ...(expired.length === 0
    ? []
    : [
        {
          what: `certificates have expired: ${expired.map(({ file, until }) => `${file} (${until})`).join(', ')}`,
          remedy:
            'renew them by `kubeadm certs renew all` on this host, then reboot it, so that all that is running loads them',
        },
      ]),
  ...(containerd === 'active'
    ? []
    : [
        {
          what: `containerd is ${containerd || 'not there'}`,
          remedy: 'see `journalctl -u containerd -n 50`, and start it',
        },
      ]),
  ...(kubelet === 'active'
    ? []
    : [
        { what: `the kubelet is ${kubelet || 'not there'}`, remedy: 'see `journalctl -u kubelet -n 50`, and start it' },
      ]),
  ...exited.map(name => ({
    what: `the container of ${name} has ended`,
    remedy: `its last words: \`crictl logs --tail 20 $(crictl ps -a -q --name ${name} --latest)\``,
  })),
]

export interface Cause {
  readonly what: string
  readonly remedy: string
}
