import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Lab, openLab } from '../../lab/lab.js'
import { labVariables } from '../../lab/mirror/variables.js'
import { execOn, kubectlOf } from '../support/lab-exec.js'
import { type RanJson, tkplayJson, troubles } from '../support/tkplay.js'

/** Settings of kubelets and kube-proxy that come to a cluster later. Each part starts from what the one before left. */
const lab: Lab = await openLab({ name: 'settings', hosts: 2, kubernetes: true, source: 'build' })
t.setTimeout(3_600_000)
t.teardown(() => lab.down())

const base = labVariables() as { readonly kubeadm_kubelet: object; readonly kubeadm_proxy: object }
interface Settings {
  readonly kubelet?: object
  readonly proxy?: object
}
let wanted: Settings = {}

const tkplay = (word: 'run' | 'check', settings: Settings, ...more: readonly string[]): Promise<RanJson> =>
  tkplayJson([
    word,
    'playbooks/site.yml',
    '-i',
    lab.inventoryDir,
    '-e',
    JSON.stringify({
      kubeadm_kubelet: { ...base.kubeadm_kubelet, ...settings.kubelet },
      kubeadm_proxy: { ...base.kubeadm_proxy, ...settings.proxy },
    }),
    ...more,
  ])

const kubectl = kubectlOf(lab)
const on = (host: string, command: string): Promise<string> => execOn(lab, host, command)
const init = 'node1 › master-init : kubeadm init'
const kubelet = { node1: `node1 › master-init : ${words()}`, node2: `node2 › worker-join : ${words()}` }
function words(): string {
  return "the kubelet has the cluster's settings"
}

const settingsOf = async (map: 'kubelet-config' | 'kube-proxy'): Promise<string> =>
  kubectl(`-n kube-system get cm ${map} -o jsonpath='{.data}'`)
const files = (): Promise<readonly string[]> =>
  Promise.all(['node1', 'node2'].map(host => on(host, 'cat /var/lib/kubelet/config.yaml')))
const begun = (): Promise<readonly string[]> =>
  Promise.all(
    ['node1', 'node2'].map(host => on(host, 'systemctl show -p ActiveEnterTimestampMonotonic --value kubelet')),
  )
const pods = (): Promise<string> => kubectl(`get nodes -o jsonpath='{.items[*].status.capacity.pods}'`)
const notes = (host: string): Promise<string> => on(host, 'ls /var/lib/tkplay/kubernetes')

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return
    await sleep(2000)
  }
  throw new Error(`in vain: ${what}`)
}
const allReady = async (): Promise<boolean> =>
  ((await kubectl('get nodes --no-headers').catch(() => '')).match(/ Ready /g) ?? []).length === 2

/** A kubelet that was restarted may say some seconds later that its Pods are not ready, until its first probes answer. */
const podsSettled = async (): Promise<void> => {
  let inARow = 0
  await until('the Pods of kube-system stay ready', async () => {
    const ready = await kubectl(
      `-n kube-system get pods -o jsonpath='{.items[*].status.conditions[?(@.type=="Ready")].status}'`,
    ).catch(() => 'False')
    inARow = ready.includes('False') ? 0 : inARow + 1
    return inARow === 5
  })
}

/** What a check foretells is what the run does, and after it nothing is left. */
const foretoldAndDone = async (t: Test, settings: Settings, steps: readonly string[]): Promise<void> => {
  const seen = await tkplay('check', settings)
  t.equal(seen.code, 4, troubles(seen))
  t.strictSame([...seen.with('would-change')].sort(), [...steps].sort())
  t.strictSame(seen.with('unknown'), [])
  const ran = await tkplay('run', settings)
  t.equal(ran.code, 0, troubles(ran))
  t.strictSame([...ran.with('changed')].sort(), [...steps].sort())
  await nothingLeft(t, settings)
  wanted = settings
}

const nothingLeft = async (t: Test, settings: Settings): Promise<void> => {
  await podsSettled()
  const before = await begun()
  const again = await tkplay('run', settings)
  t.equal(again.code, 0, troubles(again))
  t.strictSame(again.with('changed'), [])
  for (const [name, { roundTrips }] of Object.entries(again.recap))
    t.ok(roundTrips <= 3, `${name}: ${roundTrips} round trips`)
  const seen = await tkplay('check', settings)
  t.equal(seen.code, 0, `${troubles(seen)} ${seen.with('would-change')}`)
  t.strictSame(await begun(), before, 'no kubelet was started again')
}

/** The run fails with these words, and leaves the cluster as it was. */
const refusedAndAsItWas = async (t: Test, settings: Settings, say: RegExp): Promise<void> => {
  const before = [await settingsOf('kubelet-config'), await settingsOf('kube-proxy'), ...(await files())]
  const ran = await tkplay('run', settings)
  t.equal(ran.code, 1, troubles(ran))
  t.match(troubles(ran), say)
  t.strictSame([await settingsOf('kubelet-config'), await settingsOf('kube-proxy'), ...(await files())], before)
  t.ok(await allReady(), 'all Nodes are Ready')
  await nothingLeft(t, wanted)
}

t.test('two of the hosts are a cluster', async t => {
  const ran = await tkplay('run', {})
  t.equal(ran.code, 0, troubles(ran))
  await until('the Nodes are Ready', allReady)
  await nothingLeft(t, {})
})

t.test('a setting of kubelets comes to both, one after the other', async t => {
  const settings = { kubelet: { maxPods: 200 } }
  const seen = await tkplay('check', settings)
  const step = seen.steps.find(({ host, step }) => `${host} › ${step.name}` === init)
  t.match(step?.changes, [{ summary: /maxPods not set → 200/, diff: { after: /^maxPods: 200$/m } }])
  await foretoldAndDone(t, settings, [init, kubelet.node1, kubelet.node2])
  t.equal(await pods(), '200 200')
  t.notMatch(await notes('node1'), /before\.yaml/)
})

t.test('what kubeadm does not take reaches nobody', async t => {
  await refusedAndAsItWas(t, { kubelet: { maxPods: 'x' } }, /kubeadm does not take its configuration: .*maxPods/)
  await refusedAndAsItWas(t, { kubelet: { maxPod: 5 } }, /unknown field "maxPod"/)
})

t.test('what a kubelet does not come up with is taken back', async t => {
  await refusedAndAsItWas(
    t,
    { kubelet: { maxPods: 200, featureGates: { NoSuchGate: true } } },
    /it has the old ones again, and the cluster too\n.*unrecognized feature gate: NoSuchGate/,
  )
  t.equal(await pods(), '200 200')
})

t.test('what the kubelet of a worker alone does not come up with is taken back too', async t => {
  await on('node1', 'cp /etc/kubernetes/pki/ca.crt /etc/kubernetes/only-here.crt')
  const before = [await settingsOf('kubelet-config'), (await files())[1]]
  const settings = {
    kubelet: { maxPods: 200, authentication: { x509: { clientCAFile: '/etc/kubernetes/only-here.crt' } } },
  }
  const ran = await tkplay('run', settings)
  t.equal(ran.code, 1)
  t.match(troubles(ran), /node2 › .*it has the old ones again, and the cluster too\n.*only-here\.crt/s)
  t.strictSame([await settingsOf('kubelet-config'), (await files())[1]], before)
  t.ok(await allReady())
  // The other had taken them: it finds back by itself.
  await foretoldAndDone(t, wanted, [kubelet.node1])
})

t.test('a limit: what is not of the run keeps what it has, and is brought later', async t => {
  const settings = { kubelet: { maxPods: 150 } }
  for (const word of ['check', 'run'] as const) {
    const alone = await tkplay(word, settings, '-l', 'node2')
    t.equal(alone.code, 1)
    t.match(troubles(alone), /kubelets' settings in the cluster: maxPods 200 → 150/)
  }
  const first = await tkplay('run', settings, '-l', 'node1')
  t.strictSame(first.with('changed'), [init, kubelet.node1], troubles(first))
  t.equal(await pods(), '150 200')
  await foretoldAndDone(t, settings, [kubelet.node2])
  t.equal(await pods(), '150 150')
})

t.test('a change that a power cut left in the middle is brought to its end', async t => {
  await on('node2', 'cp /var/lib/kubelet/config.yaml /var/lib/tkplay/kubernetes/kubelet-config.before.yaml')
  await foretoldAndDone(t, wanted, [kubelet.node2])
  t.notMatch(await notes('node2'), /before/)
})

const proxyPods = (): Promise<string> =>
  kubectl("-n kube-system get pods -l k8s-app=kube-proxy -o jsonpath='{.items[*].metadata.name}'")
const mayBeMissing = (): Promise<string> =>
  kubectl("-n kube-system get ds kube-proxy -o jsonpath='{.spec.updateStrategy.rollingUpdate.maxUnavailable}'")
const proxiesAreWhole = async (): Promise<boolean> =>
  (await kubectl(
    "-n kube-system get ds kube-proxy -o jsonpath='{.status.updatedNumberScheduled} {.status.numberAvailable}'",
  )) === '2 2'

const proxy = { nodePortAddresses: ['primary'] }

// The lab's image of kube-proxy has nftables alone, so that there is no other mode to change to.
t.test('kube-proxy: its settings are changed, and its pods are replaced', async t => {
  const before = (await proxyPods()).split(' ')
  await foretoldAndDone(t, { ...wanted, proxy }, [init])
  const after = (await proxyPods()).split(' ')
  t.equal(after.length, 2)
  t.ok(
    after.every(pod => !before.includes(pod)),
    'all pods are others',
  )
  const ended = await kubectl('-n kube-system get ds kube-proxy -o jsonpath={.spec.minReadySeconds}')
  t.equal(ended, '', 'how it replaces its pods is as before')
  const said = await kubectl('-n kube-system logs -l k8s-app=kube-proxy --tail=-1')
  t.notMatch(said, /nodePortAddresses is unset/, 'they run with it')
})

t.test('kube-proxy: a mode that there is not is taken back', async t => {
  await refusedAndAsItWas(
    t,
    { ...wanted, proxy: { ...proxy, mode: 'bogus' } },
    /kube-proxy does not run with the new settings; the cluster has the old ones again\n.*bogus/,
  )
  t.ok(await proxiesAreWhole())
  t.notMatch(await notes('node1'), /kube-proxy/)
})

t.test('kube-proxy: a rollout that a power cut left in the middle is brought to its end', async t => {
  const folder = '/var/lib/tkplay/kubernetes'
  const before = JSON.stringify({ data: JSON.parse(await settingsOf('kube-proxy')) })
  await on(
    'node1',
    `printf %s '${before}' >${folder}/kube-proxy.before.json; echo '{}' >${folder}/kube-proxy.before-template.json`,
  )
  await foretoldAndDone(t, wanted, [init])
  t.notMatch(await notes('node1'), /kube-proxy/)
})

t.test('a Node that is silent holds kube-proxy up on no other, and takes it when it is back', async t => {
  await lab.faults.powerOff('node2')
  await until('node2 is silent', async () => /node2 +NotReady/.test(await kubectl('get nodes --no-headers')))
  const settings = { kubelet: { maxPods: 120 }, proxy: { ...proxy, metricsBindAddress: '0.0.0.0:10249' } }
  const ran = await tkplay('run', settings)
  t.equal(ran.code, 3, troubles(ran))
  t.strictSame(ran.with('changed'), [init, kubelet.node1], troubles(ran))
  t.equal(await mayBeMissing(), '1')
  await lab.faults.powerOn('node2')
  await until('node2 is back', async () => (await allReady()) && (await proxiesAreWhole()))
  for (const what of ['ds/calico-node', 'deploy/calico-kube-controllers', 'deploy/coredns'])
    await kubectl(`-n kube-system rollout status ${what} --timeout=300s`)
  await foretoldAndDone(t, settings, [kubelet.node2])
})
