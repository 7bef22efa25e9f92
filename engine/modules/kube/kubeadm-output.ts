import type { Json } from '../../core/json.js'
import type { CommandOutput } from '../../core/messages.js'

/** What kubeadm's output says went wrong. Texts: kubeadm's preflight/checks.go, discovery/token, cmd/phases (1.31 to 1.37). */
export interface Diagnosis {
  readonly code: string
  readonly data: Json
}

/** Known failures of `kubeadm init`, `join` and `reset`, the most telling first; undefined for what nobody has met yet. */
export const diagnoseKubeadm = ({ stdout, stderr }: CommandOutput): Diagnosis | undefined => {
  const text = `${stderr}\n${stdout}`
  const [first, ...more] = preflightErrors(text)
  if (first !== undefined) {
    // ImagePull fails once for each image.
    const others = new Set(more.map(({ check }) => check).filter(check => check !== first.check))
    return { code: 'preflight', data: { ...first, more: [...others] } }
  }
  const known = knownTexts.find(({ pattern }) => pattern.test(text))
  const phase = failedPhase(text)
  const warnings = preflightWarnings(text)
  const data = { ...phase, ...(warnings.length === 0 ? {} : { warnings }) }
  if (known !== undefined) return { code: known.code, data: { text: lineWith(text, known.pattern), ...data } }
  return phase === undefined ? undefined : { code: 'phase', data }
}

/** Warnings that explain a failure later on: a kubelet that does not start beside swap, packets that a firewall drops, a name unknown. */
const preflightWarnings = (text: string): readonly string[] =>
  [...text.matchAll(/^\s*\[WARNING (Swap|Firewalld|Hostname)\]: (.*)$/gm)].map(
    ([, check = '', said = '']) => `${check}: ${said.trim()}`,
  )

interface PreflightError {
  /** As `--ignore-preflight-errors` names it: Swap, NumCPU, Port-6443, FileAvailable--etc-kubernetes-kubelet.conf. */
  readonly check: string
  readonly text: string
}

/** The `[ERROR X]: …` lines, each with its continuation lines. */
export const preflightErrors = (text: string): readonly PreflightError[] =>
  [
    ...text.matchAll(/^\s*\[ERROR ([^\]]+)\]: (.*(?:\n(?!\s*\[)(?!error:|error execution|To see the stack)\S.*)*)/gm),
  ].map(([, check = '', said = '']) => ({
    check,
    text: said.trim(),
  }))

const knownTexts: readonly { readonly code: string; readonly pattern: RegExp }[] = [
  { code: 'ended', pattern: /the unit \S+ was ended from outside/ },
  { code: 'token-gone', pattern: /token id "?\w+"? is invalid for this cluster or it has expired/ },
  { code: 'token-gone', pattern: /could not find a JWS signature/ },
  { code: 'token-wrong', pattern: /failed to verify JWS signature/ },
  { code: 'ca-pin', pattern: /none of the public keys "?[^"]*"? are pinned/ },
  { code: 'clock', pattern: /certificate has expired or is not yet valid.*/ },
  { code: 'learners', pattern: /too many learner members in cluster/ },
  { code: 'node-exists', pattern: /a Node with name "[^"]+" and status "Ready" already exists in the cluster/ },
  { code: 'no-endpoint', pattern: /doesn't have a stable controlPlaneEndpoint address/ },
  { code: 'kubelet-dead', pattern: /failed while waiting for the kubelet to start|The kubelet is not running/ },
  {
    code: 'control-plane-dead',
    pattern:
      /failed while waiting for the control plane to start|One or more conditions|couldn't initialize a Kubernetes cluster/,
  },
  { code: 'tls-bootstrap', pattern: /failed while waiting for TLS bootstrap/ },
  {
    code: 'etcd',
    pattern: /error syncing endpoints with etcd|etcdserver: (?:request timed out|no leader|unhealthy cluster)/,
  },
  {
    code: 'api-unreachable',
    pattern: /couldn't validate the identity of the API Server|failed to request the cluster-info ConfigMap/,
  },
  {
    code: 'bad-config',
    pattern:
      /strict decoding error|unable to decode config|error unmarshaling|json: cannot unmarshal.*|Invalid value:.*|no kind "[^"]+" is registered/,
  },
]

const failedPhase = (text: string): { readonly phase: string; readonly error: string } | undefined => {
  const [, phase, error] = /error execution phase (\S+): ?([^\n]*)/.exec(text) ?? []
  return phase === undefined ? undefined : { phase, error: error?.trim() ?? '' }
}

const lineWith = (text: string, pattern: RegExp): string =>
  text
    .split('\n')
    .find(line => pattern.test(line))
    ?.trim() ?? ''
