import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openLab } from '../../lab/lab.js'
import { type Watched, watch } from '../support/watched.js'

/** What breaks in the middle of an apply, and comes back or does not. */
const lab = await openLab({ name: 'broken-links', hosts: 1 })
t.setTimeout(900_000)
t.teardown(() => lab.down())

const cwd = t.testdir()
const playbook = join(cwd, 'play.yml')
await writeFile(
  playbook,
  `- hosts: all
  gather_facts: false
  tasks:
    - name: long work
      shell: touch /root/begun; until [ -e /root/go ]; do sleep 0.2; done; echo done >> /root/marks
    - name: after it
      copy: {content: here, dest: /root/after}
`,
)

const quick = ['-e', 'ansible_ssh_extra_args="-o ServerAliveInterval=1 -o ServerAliveCountMax=2"']
const run = (...more: readonly string[]): Watched =>
  watch(['run', playbook, '-i', lab.inventoryDir, '-o', 'json', ...more])
const host = (command: string): Promise<unknown> => lab.exec('node1', command)
const begun = (): Promise<unknown> => host('until [ -e /root/begun ]; do sleep 0.1; done')
const ready = (): Promise<unknown> => host('rm -f /root/begun /root/go /root/after /root/marks')

const again = async (t: Pick<typeof import('tap').t, 'equal'>): Promise<void> => {
  await host('touch /root/go')
  const next = await run().over
  t.equal(next.code, 0, `the next run goes through: ${next.stdout}`)
  t.equal((await lab.exec('node1', 'cat /root/after')).stdout, 'here')
}

const lost = async (
  t: Pick<typeof import('tap').t, 'equal' | 'match'>,
  broken: Watched,
  why: RegExp,
): Promise<void> => {
  const { code } = await broken.over
  t.equal(code, 3)
  t.match(
    broken.events().find(event => event.kind === 'step-ended' && event.status === 'unreachable'),
    {
      host: 'node1',
      step: { name: 'long work' },
      failure: { failure: { kind: 'unreachable', code: 'lost', message: why, remedy: /./ } },
    },
  )
}

t.test('a link that is gone for five seconds is not noticed', async t => {
  await ready()
  const broken = run()
  await begun()
  await lab.faults.linkDown('node1')
  await sleep(5000)
  await lab.faults.linkUp('node1')
  await host('touch /root/go')
  const { code, stdout } = await broken.over
  t.equal(code, 0, stdout)
  t.equal((await lab.exec('node1', 'cat /root/marks')).stdout, 'done\n', 'it was done once')
})

t.test('a link that is gone for good ends the run of that host, and says so', async t => {
  await ready()
  const broken = run(...quick)
  await begun()
  await lab.faults.linkDown('node1')
  await lost(t, broken, /lost the connection.*quiet/)
  await lab.faults.linkUp('node1')
  await again(t)
})

t.test('a host that reboots under an apply', async t => {
  await ready()
  const broken = run(...quick)
  await begun()
  await lab.reboot('node1')
  await lost(t, broken, /lost the connection/)
  await again(t)
})
