import { NotObserved } from '../../../core/failure.js'
import type { Raw, Read } from '../../../core/module.js'
import { read, text } from '../../../core/read.js'
import { sh } from '../../../shell/quote.js'
import { inside, parseObjects } from '../get-objects.js'
import { kubectl } from '../kubectl.js'

export type PoolsSeen =
  /** No kubeconfig: there is no cluster here yet. */
  | { readonly api: 'none' }
  | { readonly api: 'silent' }
  | {
      readonly api: 'answers'
      readonly cidrs: readonly string[]
      /** Where calico-node is. */
      readonly namespaces: readonly string[]
      /** Whether flannel's agent is there. */
      readonly flannel?: boolean
    }

/** Calico's pools, and where its agent is; none where it has never started. */
export const ipPools = (kubeconfig: string): Read<PoolsSeen> =>
  read(
    sh`command -v kubectl >/dev/null && [ -e ${kubeconfig} ] || exit 44
${kubectl(kubeconfig)} get daemonsets -A -o ${'jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {end}'} || exit 45
printf '\000'
exec ${kubectl(kubeconfig)} get --raw /apis/crd.projectcalico.org/v1/ippools`,
    parse,
    { scope: 'cluster', timeout: 20_000 },
  )

const parse = (answer: Raw): PoolsSeen => {
  if (answer.rc === 44) return { api: 'none' }
  const [agents = '', pools] = text(answer.stdout).split('\0')
  if (answer.rc === 45 || pools === undefined) return { api: 'silent' }
  const known = agents.split(/\s+/).map(agent => agent.split('/'))
  const there = {
    api: 'answers' as const,
    namespaces: known.flatMap(([namespace = '', name]) => (name === 'calico-node' ? [namespace] : [])),
    flannel: known.some(([, name]) => name === 'kube-flannel-ds'),
  }
  if (answer.rc === 0) return { ...there, cidrs: cidrsOf(pools, answer) }
  const isAbsent = /\(NotFound\)|could not find the requested resource/.test(text(answer.stderr))
  return isAbsent ? { ...there, cidrs: [] } : { api: 'silent' }
}

const cidrsOf = (pools: string, answer: Raw): readonly string[] => {
  try {
    const [list] = parseObjects(pools)
    const items = inside(list, 'items')
    return (Array.isArray(items) ? items : []).flatMap(pool => {
      const cidr = inside(pool, 'spec', 'cidr')
      return typeof cidr === 'string' ? [cidr] : []
    })
  } catch {
    throw new NotObserved(answer, "Calico's pools of addresses")
  }
}
