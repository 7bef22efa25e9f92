import type { Json } from '../../../core/json.js'
import type { CommandOutput } from '../../../core/messages.js'
import { kubectlArgv } from '../kubectl.js'

/** Pods that nobody would bring back go too: the machine that they are on does. Source: `kubectl drain --help`. */
export const drainArgv = (kubeconfig: string, node: string, seconds: number): readonly string[] =>
  kubectlArgv(
    kubeconfig,
    'drain',
    node,
    '--ignore-daemonsets',
    '--delete-emptydir-data',
    '--force',
    `--timeout=${seconds}s`,
  )

/** The pods that were not gone when the time was up, and what held them. Texts: kubectl's drain package. */
export const drainFailure = ({
  stderr,
  stdout,
}: CommandOutput): { readonly code: string; readonly data: Json } | undefined => {
  const all = `${stderr}\n${stdout}`
  const [, node = ''] = /unable to drain node "([^"\n]+)"/.exec(all) ?? []
  if (node === '') return undefined
  const late = [
    ...all.matchAll(/(?:evicting pods\/|waiting for pod )"([^"\n]+)" (?:-n|in namespace) "([^"\n]+)"/g),
  ].map(([, pod, namespace]) => [`${namespace}/${pod}`, ''] as const)
  const held = [...all.matchAll(/evicting pods\/"([^"\n]+)" -n "([^"\n]+)" \(will retry[^)\n]*\): ([^\n]*)/g)].map(
    ([, pod, namespace, why = '']) => [`${namespace}/${pod}`, why.trim().replace(/\.$/, '')] as const,
  )
  const pods = new Map([...late, ...held])
  const said = [...pods].map(([pod, why]) => (why === '' ? pod : `${pod} (${why})`))
  return {
    code: 'not-drained',
    data: { node, pods: said.length === 0 ? 'kubectl does not say which' : said.join(', ') },
  }
}
