import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { diffSnapshots, type Snapshot } from '../../lab/hosts/snapshot.js'
import { type Lab, openLab } from '../../lab/lab.js'
import { buildAgnhost } from '../../lab/mirror/build.js'
import { AGNHOST_TAG, BUSYBOX_TAG } from '../../lab/mirror/versions.js'
import { kubectlOf } from '../support/lab-exec.js'
import { project, type RanJson, tkplay, tkplayJson, troubles } from '../support/tkplay.js'

/** The main job on real hosts: issue «The main job for real», section 7. Each part starts from what the one before left. */
const lab: Lab = await openLab({ name: 'site', hosts: 3, kubernetes: true, source: 'build' })
t.setTimeout(3_600_000)
t.teardown(() => lab.down())

const inventory = ['-i', lab.inventoryDir]
const site = (...more: readonly string[]): Promise<RanJson> =>
  tkplayJson(['run', 'playbooks/site.yml', ...inventory, ...more])
const check = (...more: readonly string[]): Promise<RanJson> =>
  tkplayJson(['check', 'playbooks/site.yml', ...inventory, ...more])
const names = (): readonly string[] => lab.hosts().map(host => host.name)
const kubectl = kubectlOf(lab)
const changedOf = (ran: RanJson): number => Object.values(ran.recap).reduce((sum, host) => sum + host.changed, 0)
const app = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      topologySpreadConstraints:
        - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}
      containers: [{name: nginx, image: 'nginx:1.16.1', ports: [{containerPort: 80}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, nodePort: 30080}]
`

const answers = async (address: string): Promise<string> => {
  for (let tries = 0; tries < 60; tries++) {
    const body = await fetch(`http://${address}:30080/`, { signal: AbortSignal.timeout(3000) }).then(
      answer => answer.text(),
      () => '',
    )
    if (body !== '') return body
    await sleep(1000)
  }
  return ''
}

let foretold: RanJson

t.test('check on bare hosts foretells and writes nothing', async t => {
  const before = new Map<string, Snapshot>()
  for (const name of names()) before.set(name, await lab.snapshot(name))
  foretold = await check()
  t.equal(foretold.code, 4, troubles(foretold))
  for (const name of names()) {
    t.strictSame(
      diffSnapshots(before.get(name) as Snapshot, await lab.snapshot(name)),
      [],
      `${name}'s disk is as it was`,
    )
  }
  const unknown = foretold.steps.filter(step => step.status === 'unknown')
  t.ok(
    unknown.every(step => step.waitsFor !== undefined),
    'each unknown says what it waits for',
  )
  for (const name of names().slice(1))
    t.ok(foretold.with('would-change').includes(`${name} › worker-join : kubeadm join`), `${name}'s join is foretold`)
  t.ok(unknown.length * 2 < foretold.steps.length, `${unknown.length} of ${foretold.steps.length} steps are unknown`)
})

t.test('check on bare hosts says what the README shows of it', async t => {
  const said = (text: string): string => text.replace(/in \d+\.\d s/, 'in a moment')
  const [, shown = ''] = /^```text\n([\s\S]*?)^```$/m.exec(await readFile(join(project, 'README.md'), 'utf8')) ?? []
  const { stdout } = await tkplay(['check', 'playbooks/site.yml', ...inventory])
  const lines = new Set(said(stdout).split('\n'))
  for (const line of said(shown).trim().split('\n')) t.ok(lines.has(line), line)
})

t.test('bare hosts become a cluster, as foretold', async t => {
  const ran = await site()
  t.equal(ran.code, 0, troubles(ran))
  const changed = new Set(ran.with('changed'))
  for (const step of foretold.with('would-change')) t.ok(changed.has(step), `foretold and done: ${step}`)
  for (const step of foretold.with('ok')) t.notOk(changed.has(step), `called ok and left alone: ${step}`)
  t.match(await kubectl('get nodes --no-headers'), /(\S+ +Ready.*\n){3}/, 'three nodes are Ready')
  await kubectl('-n kube-system rollout status deploy/coredns --timeout=120s')
  await kubectl('-n kube-system rollout status ds/calico-node --timeout=120s')
})

t.test('the app of the seed answers on every node', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'tkplay-site-'))
  t.teardown(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, 'app.yml'), app)
  await writeFile(
    join(dir, 'play.yml'),
    '- hosts: control_plane\n  gather_facts: false\n  tasks:\n    - kube_manifest: {src: app.yml}\n    - kube_wait: {for: [{kind: Deployment, namespace: default, name: web}], timeout: 180}\n',
  )
  const ran = await tkplayJson(['run', join(dir, 'play.yml'), ...inventory])
  t.equal(ran.code, 0, troubles(ran))
  t.equal(
    new Set((await kubectl('get pods -l app=web -o jsonpath={.items[*].spec.nodeName}')).split(' ')).size,
    2,
    'on both workers',
  )
  for (const host of lab.hosts()) t.match(await answers(host.address), /1\.16\.1/, `${host.name} answers`)
})

/** What a command prints in a pod of its own. @throws where it fails */
const inPod = async (image: string, command: string): Promise<string> => {
  await kubectl(`run ask --image=${image} --restart=Never ${command}`)
  try {
    await kubectl('wait --for=jsonpath={.status.phase}=Succeeded pod/ask --timeout=120s')
    return await kubectl('logs ask')
  } catch (error) {
    throw new Error(`${command}: ${await kubectl('logs ask')}`, { cause: error })
  } finally {
    await kubectl('delete pod ask --now')
  }
}

t.test("a pod finds Services by their short names, with busybox and with Kubernetes' own agnhost", async t => {
  const address = await kubectl('get service web -o jsonpath={.spec.clusterIP}')
  const found = new RegExp(`^Name:\\s+web\\.default\\.svc\\.cluster\\.local\\nAddress: ${address}$`, 'm')
  const busybox = `busybox:${BUSYBOX_TAG}`
  t.match(await inPod(busybox, '--command -- nslookup web.default.svc.cluster.local'), found)
  // It also asks for the name in the other search domains, and exits with 1 since they do not have it, as upstream's does.
  t.match(await inPod(busybox, "--command -- sh -c 'nslookup web || true'"), found)
  for (const name of ['web', 'web.default'])
    t.match(await inPod(busybox, `--command -- wget -qO- http://${name}/`), /nginx\/1\.16\.1/, name)

  await buildAgnhost({ log: line => t.comment(line) })
  const agnhost = `registry.k8s.io/e2e-test-images/agnhost:${AGNHOST_TAG}`
  t.equal(await inPod(agnhost, '-- dns-suffix'), 'default.svc.cluster.local,svc.cluster.local,cluster.local\n')
  await kubectl(`run netexec --image=${agnhost} --port=8080 --expose -- netexec`)
  await kubectl('wait --for=condition=Ready pod/netexec --timeout=120s')
  t.equal(await inPod(agnhost, '-- connect netexec:8080 --timeout=10s'), '')
  t.equal(await inPod(busybox, '--command -- wget -qO- http://netexec:8080/hostname'), 'netexec')
  const shell = 'http://netexec:8080/shell?cmd=wget+-qO-+http://web/'
  t.match(await inPod(busybox, `--command -- wget -qO- '${shell}'`), /nginx\/1\.16\.1/, 'it has a shell')
  await kubectl('delete pod/netexec service/netexec --now')
})

t.test('the same again changes nothing, in three round trips', async t => {
  const ran = await site()
  t.equal(ran.code, 0, troubles(ran))
  t.strictSame(ran.with('changed'), [])
  for (const [name, { roundTrips }] of Object.entries(ran.recap))
    t.ok(roundTrips <= 3, `${name}: ${roundTrips} round trips`)
})

t.test('check on the converged cluster has nothing to say', async t => {
  const ran = await check()
  t.equal(ran.code, 0, troubles(ran))
  t.strictSame([...ran.with('would-change'), ...ran.with('unknown')], [])
})

t.test('drift is named and repaired, and only drift', async t => {
  await lab.exec('node2', 'sysctl -qw net.ipv4.ip_forward=0')
  await lab.exec('node3', 'echo "# by hand" >> /etc/crictl.yaml')
  await lab.exec('node3', 'systemctl stop kubelet')
  const seen = await check()
  t.equal(seen.code, 4, troubles(seen))
  t.equal(seen.with('would-change').length, 3, seen.with('would-change').join(', '))
  const ran = await site()
  t.equal(ran.code, 0, troubles(ran))
  t.strictSame([...ran.with('changed')].sort(), [...seen.with('would-change')].sort())
  const after = await check()
  t.equal(after.code, 0, troubles(after))
})

t.test('a fourth host becomes a worker, and nothing else changes but /etc/hosts', async t => {
  const { name } = await lab.addHost()
  const ran = await site()
  t.equal(ran.code, 0, troubles(ran))
  t.match(await kubectl(`get node ${name} --no-headers`), /Ready/)
  const others = ran.with('changed').filter(step => !step.startsWith(name))
  t.equal(others.length, 3, others.join(', '))
  t.ok(
    others.every(step => /hosts/.test(step)),
    others.join(', '),
  )
})

t.test('ad hoc: all answer; one fails; one cannot be reached', async t => {
  const all = await tkplayJson(['adhoc', 'all', ...inventory, '-m', 'shell', '-a', 'uptime'])
  t.equal(all.code, 0, troubles(all))
  t.equal(all.with('changed').length, 4)
  const one = await tkplayJson(['adhoc', 'all', ...inventory, '-a', 'test "$(hostname)" != node2 && uptime'])
  t.equal(one.code, 1)
  t.equal(one.with('changed').length, 3, 'the others answered')
  await lab.faults.linkDown('node4')
  const lost = await tkplayJson(['adhoc', 'all', ...inventory, '-T', '5', '-a', 'uptime'])
  await lab.faults.linkUp('node4')
  t.equal(lost.code, 3)
  t.equal(lost.with('changed').length, 3, 'the others answered')
})

t.test('reboots: nodes come back Ready, the app answers, nothing has drifted', async t => {
  await lab.exec('node2', 'echo "net.ipv4.ip_forward = 0" > /etc/sysctl.d/99-zz.conf')
  for (const name of ['node2', 'node1']) {
    await lab.reboot(name)
    for (let tries = 0; tries < 90; tries++) {
      const nodes = await kubectl('get nodes --no-headers').catch(() => '')
      if ((nodes.match(/ Ready /g) ?? []).length === 4) break
      await sleep(2000)
    }
    t.equal((await kubectl('get nodes --no-headers')).match(/ Ready /g)?.length, 4, `all are Ready after ${name}`)
  }
  for (const host of lab.hosts()) t.match(await answers(host.address), /1\.16\.1/, `${host.name} answers`)
  // A node is Ready before its pods are: a check asks for the cluster's own too.
  for (const what of ['ds/calico-node', 'deploy/calico-kube-controllers', 'deploy/coredns']) {
    await kubectl(`-n kube-system rollout status ${what} --timeout=300s`)
  }
  // Pods of a node that was away are taken for ready until its kubelet has looked at them. What has drifted does not mend itself.
  let ran = await check()
  for (let tries = 0; tries < 6 && ran.code !== 0; tries++) {
    await sleep(10_000)
    ran = await check()
  }
  t.equal(ran.code, 0, `${troubles(ran)} ${ran.with('would-change')} ${ran.with('unknown')}`)
})

t.test('reset: bare again, and the cluster can be made anew', async t => {
  const ran = await tkplayJson(['run', 'playbooks/reset.yml', ...inventory])
  t.equal(ran.code, 0, troubles(ran))
  for (const name of names()) {
    const residue = await lab.exec(
      name,
      `ls -d /etc/kubernetes/manifests/* /etc/kubernetes/*.conf /var/lib/etcd/member /var/lib/kubelet/config.yaml /etc/cni/net.d/*calico* /var/lib/calico /var/lib/tkplay/long 2>/dev/null
       ip -o link | grep -E 'cali|vxlan.calico' ; iptables-save 2>/dev/null | grep -E 'KUBE|cali' ; nft list tables 2>/dev/null | grep kube-proxy ; apt-mark showhold`,
    )
    t.equal(residue.stdout.trim(), '', `${name} keeps nothing`)
  }
  t.equal(
    changedOf(await tkplayJson(['run', 'playbooks/reset.yml', ...inventory])),
    0,
    'a second reset changes nothing',
  )
  const again = await site()
  t.equal(again.code, 0, troubles(again))
  t.match(await kubectl('get nodes --no-headers'), /(\S+ +Ready.*\n){4}/)
})
