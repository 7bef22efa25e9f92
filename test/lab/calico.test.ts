import t from 'tap'
import { type Lab, openLab } from '../../lab/lab.js'
import { publishedTypha } from '../../roles/calico/published.js'
import { kubectlOf } from '../support/lab-exec.js'
import { type RanJson, tkplayJson, troubles } from '../support/tkplay.js'

/** The ways to Calico that site.test.ts does not go: by its operator, and by the manifest with Typha. */
const lab: Lab = await openLab({ name: 'calico', hosts: 2, kubernetes: true, source: 'build' })
t.setTimeout(1_800_000)
t.teardown(() => lab.down())

const tkplay = (word: 'run' | 'check', playbook: string, ...more: readonly string[]): Promise<RanJson> =>
  tkplayJson([word, `playbooks/${playbook}.yml`, '-i', lab.inventoryDir, ...more])
const kubectl = kubectlOf(lab)

/** From one pod to another on the other node, by way of the network and the cluster's DNS. */
const podsReachEachOther = async (): Promise<void> => {
  const on = (node: string) => `--overrides='{"spec":{"nodeName":"${node}","tolerations":[{"operator":"Exists"}]}}'`
  await kubectl(`run web --image=nginx:1.16.1 --port=80 --expose ${on('node2')}`)
  await kubectl('wait --for=condition=Ready pod/web --timeout=120s')
  const ask = 'for n in $(seq 30); do wget -qO- http://web && exit; sleep 1; done; exit 1'
  await kubectl(`run ask --image=busybox:1.35 --restart=Never ${on('node1')} --command -- sh -c '${ask}'`)
  await kubectl('wait --for=jsonpath={.status.phase}=Succeeded pod/ask --timeout=120s')
  t.match(await kubectl('logs ask'), /1\.16\.1/)
  await kubectl('delete pod/ask pod/web service/web --now')
}

const byOperator = ['-e', 'calico_install=operator']
const withTypha = [
  '-e',
  'calico_typha=always',
  '-e',
  `calico_manifest_url=http://${lab.gateway}:8080/projectcalico/calico/v3.28.5/manifests/calico-typha.yaml`,
  '-e',
  `calico_manifest_sha256=${publishedTypha.checksums['v3.28.5']}`,
]

t.test('the operator: bare hosts become a cluster', async t => {
  const ran = await tkplay('run', 'site', ...byOperator)
  t.equal(ran.code, 0, troubles(ran))
  t.match(await kubectl('get nodes --no-headers'), /(\S+ +Ready.*\n){2}/)
  // A worker that has just joined takes it back for a while.
  await kubectl('wait --for=condition=Available tigerastatus/calico --timeout=120s')
  t.match(await kubectl('get ippools.crd.projectcalico.org -o jsonpath={.items[*].spec.cidr}'), /^10\.244\.0\.0\/16$/)
  await podsReachEachOther()
})

t.test('the operator: the same again changes nothing', async t => {
  const ran = await tkplay('run', 'site', ...byOperator)
  t.equal(ran.code, 0, troubles(ran))
  t.strictSame(ran.with('changed'), [])
})

t.test('the operator: drift is named and repaired', async t => {
  await kubectl('patch installation default --type=merge -p \'{"spec":{"calicoNetwork":{"bgp":"Enabled"}}}\'')
  await kubectl('-n tigera-operator set env deploy/tigera-operator TIGERA_OPERATOR_INIT_IMAGE_VERSION=v0.0.0')
  const seen = await tkplay('check', 'site', ...byOperator)
  t.equal(seen.code, 4, troubles(seen))
  t.strictSame(seen.with('would-change'), [
    "node1 › calico : Calico's operator",
    "node1 › calico : Calico's Installation",
  ])
  const ran = await tkplay('run', 'site', ...byOperator)
  t.equal(ran.code, 0, troubles(ran))
  t.equal(await kubectl('get installation default -o jsonpath={.spec.calicoNetwork.bgp}'), 'Disabled')
  t.equal((await tkplay('check', 'site', ...byOperator)).code, 0)
})

t.test('the manifest beside it is refused', async t => {
  const ran = await tkplay('run', 'site')
  t.equal(ran.code, 1)
  t.match(troubles(ran), /Calico was installed by its operator, and calico_install is manifest/)
  t.match(troubles(ran), /set calico_install to operator/)
})

t.test('Typha: after a reset the manifest with it makes the cluster anew', async t => {
  const reset = await tkplay('run', 'reset')
  t.equal(reset.code, 0, troubles(reset))
  const ran = await tkplay('run', 'site', ...withTypha)
  t.equal(ran.code, 0, troubles(ran))
  t.match(await kubectl('-n kube-system get deploy calico-typha --no-headers'), /1\/1/)
  t.match(
    await kubectl('-n kube-system logs ds/calico-node -c calico-node --tail=-1'),
    /Connecting to typha|typha.*connect/i,
    "the node's agent asks Typha",
  )
  t.match(
    await kubectl('get ippools.crd.projectcalico.org -o jsonpath={.items[*].spec}'),
    /"ipipMode":"Never".*"vxlanMode":"CrossSubnet"/,
  )
  await podsReachEachOther()
})

t.test('Typha: the same again changes nothing, and what is set by hand is set back', async t => {
  const ran = await tkplay('run', 'site', ...withTypha)
  t.equal(ran.code, 0, troubles(ran))
  t.strictSame(ran.with('changed'), [])
  await kubectl('-n kube-system scale deploy/calico-typha --replicas=0')
  const seen = await tkplay('check', 'site', ...withTypha)
  t.equal(seen.code, 4, troubles(seen))
  t.ok(seen.with('would-change').includes('node1 › calico : Calico'), seen.with('would-change').join(', '))
  t.equal((await tkplay('run', 'site', ...withTypha)).code, 0)
  t.match(await kubectl('-n kube-system get deploy calico-typha --no-headers'), /1\/1/)
})
