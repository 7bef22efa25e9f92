import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Lab, openLab } from '../../lab/lab.js'
import { finished, type RanJson, start, tkplayJson, troubles } from '../support/tkplay.js'

/** tkplay ended by SIGKILL in the middle of site.yml, from bare hosts each time: the next run waits, mends, and finishes. */
const lab: Lab = await openLab({ name: 'kills', hosts: 3, kubernetes: true, source: 'build' })
t.setTimeout(3_600_000)
t.teardown(() => lab.down())

const inventory = ['-i', lab.inventoryDir]
const site = (): Promise<RanJson> => tkplayJson(['run', 'playbooks/site.yml', ...inventory])
const check = (): Promise<RanJson> => tkplayJson(['check', 'playbooks/site.yml', ...inventory])
const nodes = async (): Promise<string> =>
  (await lab.exec('node1', 'kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes --no-headers')).stdout

/** Where tkplay is killed: what the hosts or the output show when that point is reached. */
const points: readonly { readonly name: string; readonly reached: (seen: string) => Promise<boolean> }[] = [
  { name: 'inside apt', reached: async () => (await lab.exec('node2', 'pgrep -x apt-get || pgrep -x dpkg')).rc === 0 },
  { name: 'inside kubeadm init', reached: async () => (await lab.exec('node1', 'pgrep -f "kubeadm init"')).rc === 0 },
  { name: 'inside a join', reached: async () => (await lab.exec('node2', 'pgrep -f "kubeadm join"')).rc === 0 },
  { name: 'while Calico is applied', reached: async seen => /"module":"kube_manifest"/.test(seen) },
]

for (const point of points) {
  t.test(`killed ${point.name}, the next run mends and finishes`, async t => {
    await lab.reset()
    const child = start(['run', 'playbooks/site.yml', ...inventory, '-o', 'json'])
    let seen = ''
    child.stdout?.on('data', chunk => {
      seen += String(chunk)
    })
    const ended = finished(child)
    while (child.exitCode === null && !(await point.reached(seen))) await sleep(20)
    t.equal(child.exitCode, null, `it was killed ${point.name}`)
    child.kill('SIGKILL')
    await ended
    const ran = await site()
    t.equal(ran.code, 0, troubles(ran))
    t.match(await nodes(), /(\S+ +Ready.*\n){3}/)
    const after = await check()
    t.equal(after.code, 0, `${troubles(after)} ${after.with('would-change')} ${after.with('unknown')}`)
  })
}
