import t from 'tap'
import { drainFailure } from '../../../../../engine/modules/kube/cluster/node-drain.js'

const said = (stderr: string) => drainFailure({ rc: 1, stdout: '', stderr })

t.test('a PodDisruptionBudget holds a pod until the time is up', async t => {
  t.strictSame(
    said(`node/node3 cordoned
Warning: ignoring DaemonSet-managed Pods: kube-system/calico-node-x7k2p
evicting pod default/web-7d9c8d5d7b-abcde
error when evicting pods/"web-7d9c8d5d7b-abcde" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.
There are pending pods in node "node3" when an error occurred: error when evicting pods/"web-7d9c8d5d7b-abcde" -n "default": global timeout reached: 5s
pod/web-7d9c8d5d7b-abcde
error: unable to drain node "node3" due to error: error when evicting pods/"web-7d9c8d5d7b-abcde" -n "default": global timeout reached: 5s, continuing command...
There are pending nodes to be drained:
 node3
`),
    {
      code: 'not-drained',
      data: {
        node: 'node3',
        pods: "default/web-7d9c8d5d7b-abcde (Cannot evict pod as it would violate the pod's disruption budget)",
      },
    },
  )
})

t.test('a pod that takes its time', async t => {
  t.match(
    said(
      'error: unable to drain node "node3" due to error: error when waiting for pod "slow" in namespace "default" to terminate: global timeout reached: 5s, continuing command...',
    ),
    { data: { node: 'node3', pods: 'default/slow' } },
  )
})

t.test('what else kubectl says is not this', async t => {
  t.equal(said('Error from server (NotFound): nodes "node3" not found'), undefined)
})
