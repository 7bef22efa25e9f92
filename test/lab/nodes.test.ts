import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Lab, openLab } from '../../lab/lab.js'
import { kubectlOf } from '../support/lab-exec.js'
import { type RanJson, tkplay, tkplayJson, troubles } from '../support/tkplay.js'

/** Workers that come, go, and are not there. Each part starts from what the one before left: node1 to node3 are the cluster, node4 is bare. */
const lab: Lab = await openLab({ name: 'nodes', hosts: 4, kubernetes: true, source: 'build' })
t.setTimeout(3_600_000)
t.teardown(() => lab.down())

const inventory = ['-i', lab.inventoryDir]
const site = (...more: readonly string[]): Promise<RanJson> =>
  tkplayJson(['run', 'playbooks/site.yml', ...inventory, ...more])
const kubectl = kubectlOf(lab)
const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return
    await sleep(2000)
  }
  throw new Error(`in vain: ${what}`)
}

t.test('three of the hosts are a cluster', async t => {
  const ran = await site('-l', 'node1,node2,node3')
  t.equal(ran.code, 0, troubles(ran))
})

t.test('a kubelet that was stopped: after the run nothing is left to say', async t => {
  await lab.exec('node3', 'systemctl stop kubelet')
  await until('node3 is silent', async () => /node3 +NotReady/.test(await kubectl('get nodes --no-headers')))
  const ran = await site('-l', 'node1,node2,node3')
  t.equal(ran.code, 0, troubles(ran))
  t.strictSame(ran.with('changed'), ['node3 › kube-packages : kubelet runs'])
  const after = await tkplayJson(['check', 'playbooks/site.yml', ...inventory, '-l', 'node1,node2,node3'])
  t.equal(after.code, 0, troubles(after))
})

t.test('a worker that is gone holds nobody up: another joins meanwhile', async t => {
  await lab.faults.powerOff('node3')
  await until('node3 is silent', async () => /node3 +NotReady/.test(await kubectl('get nodes --no-headers')))
  const ran = await site()
  t.equal(ran.code, 3, troubles(ran))
  t.match(ran.recap, {
    node1: { failed: 0, unreachable: 0 },
    node2: { failed: 0, unreachable: 0 },
    node3: { failed: 0, unreachable: 1 },
    node4: { failed: 0, unreachable: 0 },
  })
  t.match(await kubectl('get node node4 --no-headers'), / Ready /)
  t.ok(
    ran.steps.some(({ step, status }) => step.name === 'every Node has its network' && status === 'ok'),
    'the last play ran',
  )
  const said = await tkplay(['run', 'playbooks/site.yml', ...inventory])
  t.equal(said.code, 3)
  const lines = said.stdout.split('\n').filter(line => /^(unreachable|failed|changed)/.test(line))
  t.match(lines[0], /^unreachable: node3 › Gathering facts/, 'it is named first')
  t.match(lines.at(-1), /^unreachable: node3 › Gathering facts/, 'and last')
  t.equal(lines.length, 2, lines.join('\n'))
  await lab.faults.powerOn('node3')
  await until('node3 is back', async () => /node3 +Ready/.test(await kubectl('get nodes --no-headers')))
})

t.test('a worker leaves: without a word its Node stays, and with one its pods move first', async t => {
  const plain = await tkplay(['run', 'playbooks/reset.yml', ...inventory, '-l', 'node4'])
  t.equal(plain.code, 0, plain.stdout)
  t.match(plain.stdout, /the Node node4 is still in the cluster.*-e reset_drain=true/s)
  t.match(await kubectl('get nodes --no-headers'), /^node4 /m)
  const late = await tkplayJson(['run', 'playbooks/reset.yml', ...inventory, '-l', 'node4', '-e', 'reset_drain=true'])
  t.equal(late.code, 0, troubles(late))
  t.notMatch(await kubectl('get nodes --no-headers'), /^node4 /m)

  await kubectl('create deployment web --image=nginx:1.16.1 --replicas=4')
  await kubectl('rollout status deploy/web --timeout=120s')
  await kubectl('create pdb web --selector=app=web --min-available=4')
  const held = await tkplay([
    'run',
    'playbooks/reset.yml',
    ...inventory,
    '-l',
    'node3',
    '-e',
    'reset_drain=true',
    '-e',
    'reset_drain_timeout=10',
  ])
  t.equal(held.code, 1)
  t.match(held.stdout, /pods of node3 are still there: .*default\/web-\S+ \(Cannot evict pod/)
  t.match(await kubectl('get node node3 --no-headers'), /Ready,SchedulingDisabled/, 'nothing was reset')
  await kubectl('delete pdb web')
  const left = await tkplayJson(['run', 'playbooks/reset.yml', ...inventory, '-l', 'node3', '-e', 'reset_drain=true'])
  t.equal(left.code, 0, troubles(left))
  t.notMatch(await kubectl('get nodes --no-headers'), /^node3 /m)
  t.match(await kubectl('get deploy web -o jsonpath={.status.availableReplicas}'), /^4$/, 'the pods are elsewhere')
  await kubectl('delete deploy web')
})

t.test('a machine with the name of another is refused before anything is installed on it', async t => {
  await lab.exec('node4', 'hostnamectl set-hostname node2 || hostname node2')
  const both = await site()
  t.equal(both.code, 1)
  t.match(troubles(both), /node2 and node4 have the same node name: node2/)
  t.strictSame(both.with('changed'), [], 'no host was touched')
  const alone = await site('-l', 'node4')
  t.equal(alone.code, 1)
  t.match(troubles(alone), /the Node node2 is another machine \(10\S+\): its machine-id is not this one/)
  t.strictSame(alone.with('changed'), [], 'nothing was installed')
})
