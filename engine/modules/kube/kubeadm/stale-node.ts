import type { HostSelector, SharedValue } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { sh } from '../../../shell/quote.js'
import { inside, parseObjects } from '../get-objects.js'
import { kubectl, kubectlArgv } from '../kubectl.js'
import { adminConf } from '../paths.js'

/** What the cluster knew of a machine that is about to join. */
export type StaleNode = 'none' | 'removed' | 'another machine'

/**
 * A machine that was reset is still a Ready Node for a while, and kubeadm refuses to join it. The Node of this very machine is
 * taken away first; a Node of another machine never is.
 */
export const staleNode = (on: HostSelector, name: string, machineId: string): SharedValue<StaleNode> => ({
  key: `stale-node ${name} ${machineId}@${on}`,
  on,
  // Asked for once by one host: nothing to keep.
  ttl: 0,
  secret: false,
  async make(session) {
    const raw = await session.shell(sh`${kubectl()} get node ${name} --ignore-not-found -o json`)
    const [node] = parseObjects(text(raw.stdout))
    if (node === undefined) return 'none'
    if (inside(node, 'status', 'nodeInfo', 'machineID') !== machineId) return 'another machine'
    await session.run(kubectlArgv(adminConf, 'delete', 'node', name))
    return 'removed'
  },
})
