import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { excusedFunction } from '../../../../../engine/modules/kube/cluster/silent-nodes.js'
import type { Target } from '../../../../../engine/modules/kube/cluster/wait-target.js'
import { LocalHost } from '../../../../support/local-host.js'

interface Given {
  readonly nodes: readonly string[]
  /** After `W|`: of one target. */
  readonly wanted: string
  readonly pods: readonly string[]
}

/** A kubectl that answers in the lines that it is asked for; awk is the machine's own. */
const kubectl = ({ nodes, wanted, pods }: Given): string => `#!/bin/sh
case "$*" in
  *'get nodes '*) cat <<'END'
${nodes.map(line => `N|${line}`).join('\n')}
END
  ;;
  *'get pods '*) cat <<'END'
${pods.map(line => `P|kube-system|${line}`).join('\n')}
END
  ;;
  *) echo 'W|${wanted}' ;;
esac
`

const excused = async (given: Given, target: Target, leaveOut = false): Promise<readonly string[]> => {
  const dir = t.testdir({ bin: { kubectl: kubectl(given) } })
  chmodSync(join(dir, 'bin/kubectl'), 0o755)
  const host = new LocalHost(['/bin/sh'], { PATH: `${join(dir, 'bin')}${delimiter}${process.env['PATH']}` })
  const { stdout } = await host.shell(`${excusedFunction('/conf', [target], leaveOut)}\nexcused`)
  return Buffer.from(stdout)
    .toString()
    .split('\n')
    .filter(line => line !== '')
    .sort()
}

const heard = ['node1|True', 'node2|True', 'node3|True']
const silent3 = ['node1|True', 'node2|True', 'node3|Unknown']
const daemon: Target = { kind: 'DaemonSet', namespace: 'kube-system', name: 'calico-node' }
/** Generation 2, seen; three wanted, all updated; the template's number is 4. */
const daemons = 'DaemonSet|kube-system|calico-node|2|2|3|3||4'
const pod = (node: string, ready: string, template = '4', of = 'calico-node'): string =>
  `DaemonSet|${of}||${template}|${node}|${ready}|`
const ok = ['excused|DaemonSet|kube-system|calico-node']
const no: readonly string[] = []

const rows: readonly (readonly [string, Given, Target, readonly string[]])[] = [
  ['all are heard from', { nodes: heard, wanted: daemons, pods: [pod('node1', 'False')] }, daemon, []],
  [
    'a DaemonSet lacks only the pod of the silent Node',
    { nodes: silent3, wanted: daemons, pods: [pod('node1', 'True'), pod('node2', 'True'), pod('node3', 'False')] },
    daemon,
    ok,
  ],
  [
    'it lacks another one too',
    { nodes: silent3, wanted: daemons, pods: [pod('node1', 'True'), pod('node2', 'False'), pod('node3', 'False')] },
    daemon,
    no,
  ],
  [
    'a pod elsewhere is of the template before',
    { nodes: silent3, wanted: daemons, pods: [pod('node1', 'True'), pod('node2', 'True', '3'), pod('node3', 'False')] },
    daemon,
    no,
  ],
  [
    'its controller has not looked yet',
    {
      nodes: silent3,
      wanted: 'DaemonSet|kube-system|calico-node|3|2|3|3||4',
      pods: [pod('node1', 'True'), pod('node2', 'True'), pod('node3', 'False')],
    },
    daemon,
    no,
  ],
  [
    'no pod of it is on the silent Node',
    {
      nodes: silent3,
      wanted: 'DaemonSet|kube-system|calico-node|2|2|2|2||4',
      pods: [pod('node1', 'True'), pod('node2', 'False'), pod('node3', 'False', '4', 'kube-proxy')],
    },
    daemon,
    no,
  ],
]

const coredns: Target = { kind: 'Deployment', namespace: 'kube-system', name: 'coredns' }
const deployment = (updated = 2, all = 2): string => `Deployment|kube-system|coredns|1|1|2|${updated}|${all}|`
const replica = (node: string, ready: string, hash = 'abc', going = ''): string =>
  `ReplicaSet|coredns-${hash}|${hash}||${node}|${ready}|${going}`
const one = ['excused|Deployment|kube-system|coredns']

const deployments: typeof rows = [
  [
    'a Deployment has one of its two on the silent Node',
    { nodes: silent3, wanted: deployment(), pods: [replica('node1', 'True'), replica('node3', 'False')] },
    coredns,
    one,
  ],
  [
    'both are there: nobody serves',
    { nodes: silent3, wanted: deployment(), pods: [replica('node3', 'False'), replica('node3', 'False')] },
    coredns,
    no,
  ],
  [
    'one of the template before is still there',
    {
      nodes: silent3,
      wanted: deployment(2, 3),
      pods: [replica('node1', 'True', 'old'), replica('node2', 'False'), replica('node3', 'False')],
    },
    coredns,
    no,
  ],
  [
    'the one there is on its way out, and its successor does not come up',
    {
      nodes: silent3,
      wanted: deployment(),
      pods: [replica('node1', 'True'), replica('node2', 'False'), replica('node3', 'False', 'abc', '2026-01-01')],
    },
    coredns,
    no,
  ],
]

const calico: Target = { kind: 'TigeraStatus', name: 'calico' }
const operator: typeof rows = [
  [
    'the operator waits',
    { nodes: silent3, wanted: 'TigeraStatus||calico|False', pods: [] },
    calico,
    ['excused|TigeraStatus||calico'],
  ],
  ['the operator cannot', { nodes: silent3, wanted: 'TigeraStatus||calico|True', pods: [] }, calico, no],
]

for (const [name, given, target, wanted] of [...rows, ...deployments, ...operator])
  t.test(name, async t => t.strictSame(await excused(given, target), wanted))

const single = 'Deployment|kube-system|coredns|1|1|1|1|1|'
const leftOut: typeof rows = [
  [
    'the only pod of a Deployment is on the silent Node',
    { nodes: silent3, wanted: single, pods: [replica('node3', 'False')] },
    coredns,
    one,
  ],
  [
    'it is being brought back elsewhere',
    {
      nodes: silent3,
      wanted: single,
      pods: [replica('node2', 'False'), replica('node3', 'False', 'abc', '2026-01-01')],
    },
    coredns,
    no,
  ],
  [
    'it is of the template before, and the new one does not come up',
    {
      nodes: silent3,
      wanted: 'Deployment|kube-system|coredns|2|2|1|1|2|',
      pods: [replica('node2', 'False'), replica('node3', 'False', 'old')],
    },
    coredns,
    no,
  ],
  [
    'there should be two, and both are there: nobody serves',
    { nodes: silent3, wanted: deployment(), pods: [replica('node3', 'False'), replica('node3', 'False')] },
    coredns,
    no,
  ],
]
for (const [name, given, target, wanted] of leftOut)
  t.test(`left out: ${name}`, async t => t.strictSame(await excused(given, target, true), wanted))

t.test('it is left out only where that is wanted', async t => {
  const given = { nodes: silent3, wanted: single, pods: [replica('node3', 'False')] }
  t.strictSame(await excused(given, coredns), no)
})
