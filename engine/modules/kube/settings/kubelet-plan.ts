import { NotObserved } from '../../../core/failure.js'
import type { JsonObject } from '../../../core/json.js'
import type { Change, Plan, Probe } from '../../../core/module.js'
import { fileText, read, text } from '../../../core/read.js'
import { parseJsonText } from '../../../python/json-text.js'
import { sh } from '../../../shell/quote.js'
import { sha256 } from '../../support/checksum.js'
import { inside } from '../get-objects.js'
import { kubectl } from '../kubectl.js'
import { kubeletBefore, kubeletConf, kubeletPatched } from '../paths.js'
import { broughtAnnotation, broughtPaths, picked, valueAt } from './brought.js'
import { kubeletFile } from './kubelet-bring.js'
import { inShort } from './later-settings.js'
import { type Difference, differing, parsed } from './settings-differ.js'

export interface KubeletSeen {
  readonly file: string | undefined
  readonly notes: KubeletNotes
  readonly cluster: ClusterSettings
}

interface KubeletNotes {
  /** The kubelet was being brought to other settings, and nobody saw the end. */
  readonly unfinished: boolean
  /** sha256 of the cluster's settings, and of the file that kubeadm made of them here. */
  readonly made?: string
}

type ClusterSettings =
  | { readonly said: 'nothing'; readonly why: string }
  | { readonly said: 'settings'; readonly text: string; readonly brought?: string }

interface Wanted {
  readonly settings: JsonObject
  readonly patches: string
  readonly brought_in_run: boolean
}

/** The kubelet's own rights let it read its cluster's settings. */
export const kubeletSeen = (patches: string): { readonly [K in keyof KubeletSeen]: Probe<KubeletSeen[K]> } => ({
  file: fileText(kubeletFile),
  notes: read(
    sh`[ -e ${kubeletBefore} ] && echo unfinished
[ -z ${patches} ] || cat ${kubeletPatched} 2>/dev/null
exit 0`,
    ({ stdout }) => {
      const said = text(stdout).trim().split('\n')
      const made = said.find(line => line.includes(' '))
      return { unfinished: said.includes('unfinished'), ...(made === undefined ? {} : { made }) }
    },
  ),
  cluster: read(
    sh`[ -e ${kubeletConf} ] || { echo 'this machine has not joined' >&2; exit 3; }
${kubectl(kubeletConf)} get --raw /api/v1/namespaces/kube-system/configmaps/kubelet-config`,
    answer => {
      if (answer.rc !== 0) return { said: 'nothing', why: text(answer.stderr).trim().split('\n').at(-1) ?? '' }
      const map = jsonOf(text(answer.stdout))
      const settings = inside(map, 'data', 'kubelet')
      const brought = inside(map, 'metadata', 'annotations', broughtAnnotation)
      if (typeof settings !== 'string') throw new NotObserved(answer, 'the ConfigMap kubelet-config has no settings')
      return { said: 'settings', text: settings, ...(typeof brought === 'string' ? { brought } : {}) }
    },
    { scope: 'cluster', timeout: 20_000 },
  ),
})

const jsonOf = (said: string) => {
  try {
    return parseJsonText(said)
  } catch {
    return undefined
  }
}

type Bring = Change & { readonly kind: 'bring'; readonly sha256: string; readonly lacks: string }

export const planKubelet = (p: Wanted, { file, notes, cluster }: KubeletSeen): Plan<Bring> => {
  const has = file === undefined ? undefined : parsed(file)
  if (has === undefined) return { needs: "a kubelet's configuration, which a join brings" }
  if (cluster.said === 'nothing') {
    if (differing('', p.settings, has).length === 0 && !notes.unfinished) return { changes: [] }
    return { needs: 'an API server that answers', remedy: `see why it does not: ${cluster.why}` }
  }
  const settings = parsed(cluster.text) ?? {}
  const lacks = inShort('', differing('', p.settings, settings))
  if (lacks !== '' && !p.brought_in_run)
    return {
      needs: `kubelets' settings in the cluster: ${lacks}`,
      remedy: 'run for the control plane too, which brings them (without -l)',
    }
  const sum = sha256(cluster.text)
  const others = [...differing('', p.settings, has), ...notAsBrought(p.settings, settings, has, cluster.brought)]
  const isMade = p.patches !== '' && lacks === '' && notes.made === `${sum} ${sha256(file ?? '')}`
  if (!notes.unfinished && (others.length === 0 || isMade)) return { changes: [] }
  const what = others.length === 0 ? 'an earlier change was not seen to its end' : inShort('', others)
  return {
    changes: [{ kind: 'bring', summary: `the kubelet: ${what}; restart it`, sha256: sum, lacks }],
  }
}

/** What tkplay brought once, and the kubelet has otherwise than the cluster: it came or was taken back while this node was not there. */
const notAsBrought = (
  given: JsonObject,
  settings: JsonObject,
  has: JsonObject,
  brought: string | undefined,
): readonly Difference[] => {
  const paths = broughtPaths(brought).filter(path => (valueAt(given, path) ?? null) === null)
  const gone = paths
    .filter(path => valueAt(settings, path) === undefined && valueAt(has, path) !== undefined)
    .map(path => ({ variable: `.${path.join('.')}`, path, has: JSON.stringify(valueAt(has, path)), want: 'not set' }))
  return [...differing('', picked(settings, paths), has), ...gone]
}
