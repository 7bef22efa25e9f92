import { NotObserved } from '../../../core/failure.js'
import type { Json } from '../../../core/json.js'
import type { Raw, Read } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { sh } from '../../../shell/quote.js'
import { inside, ofType } from '../get-objects.js'
import { kubectl } from '../kubectl.js'

/** What the cluster knows of a Node. */
export type NodeState =
  | { readonly there: false }
  /** The API server does not answer. */
  | { readonly there: 'perhaps'; readonly why: string }
  | {
      readonly there: true
      readonly ready: boolean
      /** Its kubelet reports, if only that it is not ready: it can end pods. */
      readonly heard: boolean
      readonly machineId: string
      readonly address: string
    }

/** Where there is no cluster there is no Node. */
export const nodeState = (kubeconfig: string, name: string): Read<NodeState> =>
  read(
    sh`command -v kubectl >/dev/null && [ -e ${kubeconfig} ] || exit 44
e=$(${kubectl(kubeconfig)} get --raw ${`/api/v1/nodes/${name}`} 2>&1) && { printf %s "$e"; exit 0; }
case $e in *'(NotFound)'*) exit 44 ;; esac
printf '%s\n' "$e" >&2
exit 1`,
    parse,
    { scope: 'cluster', timeout: 20_000 },
  )

const parse = (answer: Raw): NodeState => {
  if (answer.rc === 44) return { there: false }
  if (answer.rc !== 0) return { there: 'perhaps', why: text(answer.stderr).trim().split('\n').at(-1) ?? '' }
  const node = nodeIn(answer)
  const addresses = inside(node, 'status', 'addresses')
  const ready = ofType(inside(node, 'status', 'conditions'), 'Ready')?.['status']
  return {
    there: true,
    ready: ready === 'True',
    heard: ready === 'True' || ready === 'False',
    machineId: textOf(inside(node, 'status', 'nodeInfo', 'machineID')),
    address: textOf(ofType(addresses, 'InternalIP')?.['address']),
  }
}

const nodeIn = (answer: Raw): Json => {
  try {
    return JSON.parse(text(answer.stdout)) as Json
  } catch {
    throw new NotObserved(answer, 'the API server does not answer in JSON')
  }
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
