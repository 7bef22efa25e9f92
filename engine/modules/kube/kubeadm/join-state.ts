import { NotObserved } from '../../../core/failure.js'
import { isJsonObject, type Json } from '../../../core/json.js'
import type { Raw, Read } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { sh } from '../../../shell/quote.js'
import { kubectl } from '../kubectl.js'
import { caCert, joinMarker, kubeletConf } from '../paths.js'

/** What lies on the joining machine, and what the cluster that it belongs to says of it. */
export interface JoinSeen {
  readonly kubeletConf: boolean
  /** There only while the kubelet waits for its certificate, or after a join that was cut off. */
  readonly bootstrapConf: boolean
  readonly ca: boolean
  /** tkplay's own note of a join that is not finished. */
  readonly marker: boolean
  readonly machineId: string
  /** Only where there is a kubelet.conf: the API server that it names. */
  readonly server?: string
  readonly node?: NodeSeen
}

export type NodeSeen =
  | { readonly said: 'there'; readonly machineId: string }
  | { readonly said: 'absent' }
  /** The API server's certificate is not of the CA that this machine trusts, or it does not take the kubelet's. */
  | { readonly said: 'stranger'; readonly error: string }
  | { readonly said: 'nothing'; readonly error: string }

/**
 * The kubelet's own credentials suffice to read its Node, and the TLS handshake compares the CA: no control plane need be asked over
 * SSH, however many workers there are.
 */
export const joinState = (nodeName: string): Read<JoinSeen> =>
  read(
    sh`[ -e /etc/kubernetes/bootstrap-kubelet.conf ] && echo bootstrap
[ -e ${joinMarker} ] && echo marker
[ -e ${caCert} ] && echo ca
if [ -e /etc/machine-id ]; then read -r id < /etc/machine-id; printf '%s\n' "id $id"; fi
[ -e ${kubeletConf} ] || exit 0
echo kubelet
sed -n 's/^ *server: */server /p' ${kubeletConf} || exit 1
if node=$(${kubectl(kubeletConf)} get --raw ${`/api/v1/nodes/${nodeName}`} 2>&1); then printf 'node %s\n' "$node"; else printf 'error %s\n' "$node"; fi`,
    parse,
    { scope: 'cluster', timeout: 20_000 },
  )

const parse = (answer: Raw): JoinSeen => {
  if (answer.rc !== 0) throw new NotObserved(answer)
  const said = text(answer.stdout)
  const lines = said.split('\n')
  const after = (word: string) => lines.find(line => line.startsWith(`${word} `))?.slice(word.length + 1)
  const server = after('server')
  const node = after('node')
  const error = /^error ([\s\S]*)/m.exec(said)?.[1]?.trim()
  return {
    kubeletConf: lines.includes('kubelet'),
    bootstrapConf: lines.includes('bootstrap'),
    ca: lines.includes('ca'),
    marker: lines.includes('marker'),
    machineId: after('id') ?? '',
    ...(server === undefined ? {} : { server }),
    ...(node === undefined ? {} : { node: { said: 'there', machineId: machineIdOf(node, answer) } }),
    ...(error === undefined ? {} : { node: fromError(error) }),
  }
}

const fromError = (error: string): NodeSeen => {
  if (/\(NotFound\)|not found/.test(error)) return { said: 'absent' }
  if (/x509: certificate signed by unknown authority|Unauthorized/.test(error)) return { said: 'stranger', error }
  return { said: 'nothing', error }
}

/** '' where the kubelet has not said it yet. */
const machineIdOf = (line: string, answer: Raw): string => {
  let node: Json
  try {
    node = JSON.parse(line) as Json
  } catch {
    throw new NotObserved(answer, 'the API server does not answer in JSON')
  }
  const status = isJsonObject(node) ? node['status'] : undefined
  const info = isJsonObject(status) ? status['nodeInfo'] : undefined
  return isJsonObject(info) && typeof info['machineID'] === 'string' ? info['machineID'] : ''
}
