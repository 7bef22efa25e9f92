import { NotObserved } from '../../core/failure.js'
import type { Raw, Read } from '../../core/module.js'
import { read, text } from '../../core/read.js'
import { sh } from '../../shell/quote.js'
import { inside, parseObjects } from './get.js'
import { kubectl } from './kubectl.js'

export type PoolsSeen =
  /** No kubeconfig: there is no cluster here yet. */
  | { readonly api: 'none' }
  | { readonly api: 'silent' }
  /** `namespaces`: where calico-node is. */
  | { readonly api: 'answers'; readonly cidrs: readonly string[]; readonly namespaces: readonly string[] }

/** Calico's pools, and where its agent is; none where it has never started. */
export const ipPools = (kubeconfig: string): Read<PoolsSeen> =>
  read(
    sh`command -v kubectl >/dev/null && [ -e ${kubeconfig} ] || exit 44
${kubectl(kubeconfig)} get --raw /apis/crd.projectcalico.org/v1/ippools || exit $?
printf '\000'
exec ${kubectl(kubeconfig)} get daemonsets -A --field-selector=metadata.name=calico-node -o ${'jsonpath={.items[*].metadata.namespace}'}`,
    parse,
    { scope: 'cluster', timeout: 20_000 },
  )

const parse = (answer: Raw): PoolsSeen => {
  if (answer.rc === 44) return { api: 'none' }
  const [pools = '', namespaces] = text(answer.stdout).split('\0')
  if (answer.rc === 0 && namespaces !== undefined) {
    return { api: 'answers', cidrs: cidrsOf(pools, answer), namespaces: namespaces.split(/\s+/).filter(Boolean) }
  }
  const said = text(answer.stderr)
  if (/\(NotFound\)|could not find the requested resource/.test(said))
    return { api: 'answers', cidrs: [], namespaces: [] }
  return { api: 'silent' }
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
