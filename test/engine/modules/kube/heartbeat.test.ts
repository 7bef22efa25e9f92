import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { freshFunction } from '../../../../engine/modules/kube/heartbeat.js'
import { LocalHost } from '../../../support/local-host.js'

const node = (heartbeat: string): string =>
  JSON.stringify({
    kind: 'Node',
    status: {
      conditions: [
        { type: 'MemoryPressure', status: 'False', lastHeartbeatTime: '2027-01-01T00:00:00Z' },
        { type: 'Ready', status: 'True', lastHeartbeatTime: heartbeat, lastTransitionTime: '2027-01-01T00:00:00Z' },
      ],
    },
  })

interface Given {
  /** As systemctl says it. */
  readonly began: string
  readonly renewed?: string
  readonly heartbeat?: string
}

/** Whether the kubelet of node2 has reported since. */
const fresh = async ({ began, renewed, heartbeat }: Given): Promise<boolean> => {
  const answer = (said: string | undefined): string => (said === undefined ? 'exit 1' : `cat <<'END'\n${said}\nEND\n`)
  const lease = renewed === undefined ? undefined : JSON.stringify({ kind: 'Lease', spec: { renewTime: renewed } })
  const dir = t.testdir({
    bin: {
      systemctl: `#!/bin/sh\necho 'ActiveEnterTimestamp=${began}'\n`,
      kubectl: `#!/bin/sh
case "$*" in
  *leases/node2) ${answer(lease)} ;;
  *nodes/node2) ${answer(heartbeat === undefined ? undefined : node(heartbeat))} ;;
esac
`,
    },
  })
  for (const name of ['systemctl', 'kubectl']) chmodSync(join(dir, 'bin', name), 0o755)
  const host = new LocalHost(['/bin/sh'], { PATH: `${join(dir, 'bin')}${delimiter}${process.env['PATH']}` })
  return (await host.shell(`${freshFunction('/conf')}\nfresh node2`, { ok: 'any' })).rc === 0
}

const began = 'Sun 2026-11-29 06:37:18 UTC'
const [before, then, after] = ['2026-11-29T06:37:09', '2026-11-29T06:37:18', '2026-11-29T06:37:20']

const rows: readonly (readonly [string, Given, boolean])[] = [
  ['Lease and Node are of the kubelet that runs', { began, renewed: `${after}.123456Z`, heartbeat: `${after}Z` }, true],
  [
    'its Node was reported in the second in which it began',
    { began, renewed: `${after}.1Z`, heartbeat: `${then}Z` },
    true,
  ],
  ['the Node is of the kubelet before', { began, renewed: `${after}.123456Z`, heartbeat: `${before}Z` }, false],
  ['the Lease is of the kubelet before', { began, renewed: `${before}.123456Z`, heartbeat: `${after}Z` }, false],
  ['the Lease may be of the kubelet before', { began, renewed: `${then}.900000Z`, heartbeat: `${after}Z` }, false],
  ['there is no Lease yet', { began, heartbeat: `${after}Z` }, false],
  ['there is no Node yet', { began, renewed: `${after}.123456Z` }, false],
  ['no kubelet was ever started here', { began: '' }, true],
]

for (const [name, given, wanted] of rows) t.test(name, async t => t.equal(await fresh(given), wanted))
