import t from 'tap'
import type { Event, StepStatus } from '../../engine/core/event.js'
import { type Lab, openLab } from '../../lab/lab.js'
import { readEvents, tkplayJson, troubles } from '../support/tkplay.js'
import { type Watched, watch } from '../support/watched.js'

/**
 * tkplay ended by SIGKILL at five points of site.yml, on the way from bare hosts to one cluster: each run takes up what the killed one left,
 * until it is killed itself; the last one finishes. A program inside which it is killed is stopped first, so that it is
 * surely still at work when the next run comes, and goes on when that run has said that it waits.
 */
const lab: Lab = await openLab({ name: 'kills', hosts: 3, kubernetes: true, source: 'build' })
t.setTimeout(1_800_000)
t.teardown(() => lab.down())

const inventory = ['-i', lab.inventoryDir]
const site = (): Watched => watch(['run', 'playbooks/site.yml', ...inventory, '-o', 'json'])
const onHost = async (host: string, command: string | readonly string[]): Promise<string> =>
  (await lab.exec(host, command)).stdout.trim()

interface Point {
  readonly name: string
  readonly host: string
  /** How the command line of the program begins inside which it is killed. */
  readonly program?: string
  /** What ends just before it is killed. */
  readonly ended?: string
  /** The unit in which the program outlives tkplay; without one it ends with its connection. */
  readonly unit?: string
  /** How the next run tells that it got past it. */
  readonly past: { readonly step: string; readonly status: readonly StepStatus[]; readonly handler?: boolean }
}

const points: readonly Point[] = [
  {
    name: 'inside apt',
    host: 'node2',
    program: '^apt-get .* install containerd',
    unit: 'tkplay-apt.service',
    past: { step: 'docker : containerd', status: ['ok'] },
  },
  {
    name: 'between a change and its handler',
    host: 'node2',
    ended: 'docker : containerd for kubelet',
    past: { step: 'docker : restart containerd', status: ['changed'], handler: true },
  },
  {
    name: 'inside kubeadm init',
    host: 'node1',
    program: '^kubeadm init ',
    unit: 'tkplay-kubeadm-init.service',
    past: { step: 'master-init : kubeadm init', status: ['ok'] },
  },
  {
    name: 'while Calico is applied',
    host: 'node1',
    program: '^kubectl .* apply ',
    past: { step: 'calico : Calico', status: ['ok', 'changed'] },
  },
  {
    name: 'inside a join',
    host: 'node2',
    program: '^kubeadm join ',
    unit: 'tkplay-kubeadm-join.service',
    past: { step: 'worker-join : kubeadm join', status: ['ok', 'changed'] },
  },
]

/** Stops the program as soon as it is there; the host itself looks, so that nothing is too quick for it. */
const stopped = (host: string, program: string): Promise<unknown> =>
  lab.exec(host, `timeout 600 sh -c 'until pkill -STOP -f "${program}"; do sleep 0.05; done'`)

const reached = ({ host, program, ended }: Point, run: Watched): Promise<unknown> =>
  Promise.race([
    run.over,
    program === undefined ? run.said(event => isEnd(event, host, ended ?? '', ['changed'])) : stopped(host, program),
  ])

const isEnd = (event: Event, host: string, step: string, status: readonly StepStatus[], handler = false): boolean =>
  event.kind === 'step-ended' &&
  event.host === host &&
  event.step.name === step &&
  status.includes(event.status) &&
  (event.step.handler === true) === handler

const warns = (host: string, message: string) => (event: Event) =>
  event.kind === 'warning' && event.host === host && event.message.startsWith(message)

const containerd = (): Promise<string> => onHost('node2', 'systemctl show -p MainPID --value containerd')

const runs: Watched[] = [site()]
let before = ''

for (const point of points) {
  const { name, host, program, ended, unit } = point
  t.test(`killed ${name}`, async t => {
    const run = runs.at(-1) as Watched
    await reached(point, run)
    t.ok(run.isRunning(), 'it is at work')
    await run.kill()
    if (unit !== undefined) t.not(await onHost(host, ['pgrep', '-r', 'T', '-f', program ?? '']), '', 'it was inside')
    if (ended !== undefined) {
      t.match(await onHost(host, 'ls /var/lib/tkplay/notified'), /^restart%20containerd@/m, 'the handler is owed')
      t.match(await onHost(host, 'cat /etc/containerd/config.toml'), 'SystemdCgroup = true', 'the change is made')
      before = await containerd()
      t.match(before, /^[1-9]\d*$/, 'containerd runs with what it was before')
    }
    const next = site()
    runs.push(next)
    if (unit !== undefined) {
      const waiting = warns(host, `${unit} of an earlier run is still at work: waiting for it`)
      await Promise.race([next.over, next.said(waiting)])
      t.ok(next.events().some(waiting), 'the next run waits for it')
    }
    if (program !== undefined) await lab.exec(host, ['pkill', '-CONT', '-f', program])
    if (unit !== undefined) {
      const over = warns(host, `${unit} has ended: exit code 0`)
      await Promise.race([next.over, next.said(over)])
      t.ok(next.events().some(over), 'and says how it ended')
    }
    if (ended !== undefined) {
      const owed = warns(host, "an earlier run ended before its handlers ran: 'restart containerd'")
      await Promise.race([next.over, next.said(owed)])
      t.ok(next.events().some(owed), 'the next run takes the handler over')
    }
  })
}

t.test('the last run finishes', async t => {
  const ran = readEvents(await (runs.at(-1) as Watched).over)
  t.equal(ran.code, 0, troubles(ran))
  for (const [index, { name, host, past }] of points.entries()) {
    const events = runs[index + 1]?.events() ?? []
    t.ok(
      events.some(event => isEnd(event, host, past.step, past.status, past.handler)),
      `after the kill ${name}: ${past.step}`,
    )
  }
  t.not(await containerd(), before, 'containerd was restarted')
  t.match(
    await onHost('node1', 'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes --no-headers'),
    /^(\S+ +Ready\b.*\n?){3}$/,
  )
  for (const { name } of lab.hosts()) {
    t.equal(
      await onHost(name, 'find /var/lib/tkplay/notified /var/lib/tkplay/long -type f 2>/dev/null'),
      '',
      `${name} owes nothing`,
    )
  }
  const after = await tkplayJson(['check', 'playbooks/site.yml', ...inventory])
  t.equal(after.code, 0, `${troubles(after)} ${after.with('would-change')} ${after.with('unknown')}`)
})
