import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import { type Lab, openLab } from '../../lab/lab.js'
import { privateRegistry } from '../support/private-registry.js'
import { type RanJson, tkplay, tkplayJson, troubles } from '../support/tkplay.js'

/** A control plane whose images lie behind a login. Each part starts from what the one before left. */
const lab: Lab = await openLab({ name: 'private-registry', hosts: 1, kubernetes: true, source: 'build' })
const folder = await mkdtemp(join(tmpdir(), 'tkplay-registry-'))
const login = { username: 'ci', password: 'over"the\\wall-7319' }
const wrong = { username: 'ci', password: 'beside-the-wall-4402' }
const mirror = `http://${lab.gateway}:8080`
const registry = await privateRegistry(lab.gateway, mirror, login, 'basic')
const withTokens = await privateRegistry(lab.gateway, mirror, login, 'token')
t.setTimeout(900_000)
t.teardown(async () => {
  await registry.close()
  await withTokens.close()
  await rm(folder, { recursive: true, force: true })
  await lab.down()
})

const play = join(folder, 'play.yml')
await writeFile(
  play,
  `- hosts: control_plane
  become: true
  roles: [common-prep, docker, kube-packages]
- hosts: control_plane
  become: true
  roles: [master-init]
`,
)

const variables = (credentials: JsonObject): JsonObject => ({
  kubeadm_image_repository: registry.host,
  containerd_pause_image: '',
  containerd_registry_mirrors: Object.fromEntries(
    [registry.host, withTokens.host].map(host => [host, [`http://${host}`]]),
  ),
  containerd_registry_credentials: credentials,
})

/** All that any run said, for what must not be in it. */
let told = ''
const run = async (word: 'run' | 'check', credentials: JsonObject): Promise<RanJson> => {
  const file = join(folder, 'vars.json')
  await writeFile(file, JSON.stringify(variables(credentials)), { mode: 0o600 })
  const args = [play, '-i', lab.inventoryDir, '-e', `@${file}`]
  const ran = await tkplayJson([word, ...args, ...(word === 'run' ? ['--diff'] : [])])
  told += ran.stdout + ran.stderr
  if (word === 'check') told += (await tkplay(['check', ...args])).stdout
  return ran
}
const on = async (command: string): Promise<string> => {
  const { rc, stdout, stderr } = await lab.exec('node1', command)
  if (rc !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout
}

t.test('a wrong password: the registry is named, and the variable', async t => {
  const ran = await run('run', { [registry.host]: wrong })
  t.equal(ran.code, 1, troubles(ran))
  t.match(troubles(ran), /preflight check ImagePull failed: .*401 Unauthorized/)
  t.match(troubles(ran), /see its host, user and password in containerd_registry_credentials/)
  t.ok(registry.refused() > 0, 'the registry turned it away')
})

t.test('the right one: a control plane and its pause image come from there', async t => {
  const ran = await run('run', { [registry.host]: login })
  t.equal(ran.code, 0, troubles(ran))
  const changed = ran.with('changed')
  t.ok(changed.includes('node1 › docker : containerd for kubelet'), changed.join(', '))
  const images = await on('crictl images')
  for (const name of ['kube-apiserver', 'etcd', 'pause']) t.match(images, new RegExp(`^${registry.host}/${name} `, 'm'))
  t.equal((await on('stat -c "%a %U" /etc/containerd/config.toml')).trim(), '600 root')
})

t.test('the kubelet pulls with it, for a pod that brings no secret', async t => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'behind' },
    spec: {
      hostNetwork: true,
      restartPolicy: 'Never',
      nodeName: 'node1',
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'one', image: `${registry.host}/busybox:1.35`, command: ['true'] }],
    },
  }
  const kubectl = 'kubectl --kubeconfig /etc/kubernetes/admin.conf'
  await on(`for n in $(seq 60); do ${kubectl} get sa default >/dev/null 2>&1 && break; sleep 1; done
echo '${JSON.stringify(pod)}' | ${kubectl} apply -f -
${kubectl} wait --for=jsonpath={.status.phase}=Succeeded pod/behind --timeout=120s`)
  t.match(await on('crictl images'), new RegExp(`^${registry.host}/busybox `, 'm'))
})

t.test('the same again changes nothing', async t => {
  const ran = await run('run', { [registry.host]: login })
  t.equal(ran.code, 0, troubles(ran))
  t.strictSame(ran.with('changed'), [])
})

t.test('a file that others may read, and another password in it: named and repaired', async t => {
  await on(
    'chmod 0644 /etc/containerd/config.toml && sed -i \'s/^password = .*/password = "by-hand"/\' /etc/containerd/config.toml',
  )
  const seen = await run('check', { [registry.host]: login })
  t.equal(seen.code, 4, troubles(seen))
  t.strictSame(seen.with('would-change'), [
    'node1 › docker : containerd for kubelet',
    'node1 › docker : restart containerd',
  ])
  const ran = await run('run', { [registry.host]: login })
  t.equal(ran.code, 0, troubles(ran))
  t.equal((await on('stat -c %a /etc/containerd/config.toml')).trim(), '600')
  t.equal((await run('check', { [registry.host]: login })).code, 0)
})

t.test('a registry that sends to a token service', async t => {
  const ran = await run('run', { [registry.host]: login, [withTokens.host]: login })
  t.equal(ran.code, 0, troubles(ran))
  await on(`crictl pull ${withTokens.host}/busybox:1.35`)
  await on(`crictl rmi ${registry.host}/busybox:1.35 && crictl pull ${registry.host}/busybox:1.35`)
})

t.test('no password stands where it does not belong', async t => {
  const secrets = [login.password, wrong.password, 'by-hand']
  for (const secret of [...secrets, JSON.stringify(login.password).slice(1, -1)]) t.notOk(told.includes(secret), secret)
  t.match(told, /password = \\"\*\*\*/, 'a diff of the file was shown')
  await on(`! journalctl --no-pager | grep -E 'wall-(7319|4402)'`)
  const files = await on(
    `grep -rlE 'wall-(7319|4402)' /etc /root /tmp /var/lib/tkplay /var/log /var/lib/kubelet 2>/dev/null || :`,
  )
  t.equal(files.trim(), '/etc/containerd/config.toml')
})
