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
  /** As systemctl says it: microseconds after the boot. */
  readonly began: string
  /** By the clock as it is; unless told, the machine runs for 1000.50 seconds. */
  readonly now?: string
  readonly renewed?: string
  readonly heartbeat?: string
}

/** Whether the kubelet of node2 has reported since. */
const fresh = async ({ began, now = '1795934400200000000', renewed, heartbeat }: Given): Promise<boolean> => {
  const answer = (said: string | undefined): string => (said === undefined ? 'exit 1' : `cat <<'END'\n${said}\nEND\n`)
  const lease = renewed === undefined ? undefined : JSON.stringify({ kind: 'Lease', spec: { renewTime: renewed } })
  const dir = t.testdir({
    bin: {
      systemctl: `#!/bin/sh
case "$*" in *Monotonic*) echo '${began}' ;; *) echo 'Sun 2026-11-29 06:37:18 UTC' ;; esac
`,
      date: `#!/bin/sh\n[ "$1" != +%s%N ] || exec echo ${now}\nexec env PATH='${process.env['PATH']}' date "$@"\n`,
      kubectl: `#!/bin/sh
case "$*" in
  *leases/node2) ${answer(lease)} ;;
  *nodes/node2) ${answer(heartbeat === undefined ? undefined : node(heartbeat))} ;;
esac
`,
    },
    uptime: '1000.50 3900.08\n',
  })
  for (const name of ['systemctl', 'date', 'kubectl']) chmodSync(join(dir, 'bin', name), 0o755)
  const host = new LocalHost(['/bin/sh'], { PATH: `${join(dir, 'bin')}${delimiter}${process.env['PATH']}` })
  const script = `${freshFunction('/conf')}`.replaceAll('/proc/uptime', join(dir, 'uptime'))
  return (await host.shell(`${script}\nfresh node2`, { ok: 'any' })).rc === 0
}

/** 161.80 seconds before 06:40:00.20. */
const began = '838700000'
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
  ['no kubelet was ever started here', { began: '0' }, true],
  ['systemd does not know it', { began: '' }, true],
  [
    'the clock jumped ahead after it had reported',
    { began, now: '1795938000200000000', renewed: `${after}.123456Z`, heartbeat: `${after}Z` },
    true,
  ],
  [
    'the clock jumped ahead before it reports',
    { began, now: '1795938000200000000', renewed: `${before}.123456Z`, heartbeat: `${before}Z` },
    false,
  ],
  [
    'the clock jumped back before it reported',
    { began, now: '1795930800200000000', renewed: '2026-11-29T05:37:20.1Z', heartbeat: '2026-11-29T05:37:18Z' },
    true,
  ],
  [
    'the clock jumped back, and it has not reported yet',
    { began, now: '1795930800200000000', renewed: '2026-11-29T05:37:17.1Z', heartbeat: '2026-11-29T05:37:18Z' },
    false,
  ],
  ['the time since the boot is not by the clock of systemd', { began: '1838700000' }, true],
]

for (const [name, given, wanted] of rows) t.test(name, async t => t.equal(await fresh(given), wanted))
