import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { apiDiagnosis, causesOf, parseApiDiagnosis } from '../../../../engine/modules/kube/api-diagnosis.js'

const containers = (list: readonly (readonly [name: string, state: string, createdAt: string])[]): string =>
  JSON.stringify({
    containers: list.map(([name, state, createdAt]) => ({
      id: 'c0ffee',
      metadata: { name, attempt: 1 },
      state,
      createdAt,
    })),
  })

t.test('what the machine says of itself, as recorded', async t => {
  const said = [
    'objects that were read before',
    `kubelet active\ncontainerd failed\nnow 1795600000\ndisk 100 /var/lib/etcd\n`,
    containers([
      ['etcd', 'CONTAINER_EXITED', '1795590000000000001'],
      ['etcd', 'CONTAINER_RUNNING', '1795590000000000000'],
      ['kube-apiserver', 'CONTAINER_EXITED', '1795590000000000000'],
      ['kube-apiserver', 'CONTAINER_RUNNING', '1795590000000000009'],
      ['coredns', 'CONTAINER_EXITED', '1795590000000000009'],
    ]),
  ].join('\0')
  t.same(parseApiDiagnosis(said), {
    kubelet: 'active',
    containerd: 'failed',
    disk: { percent: 100, mount: '/var/lib/etcd' },
    expired: [],
    exited: ['etcd'],
  })
  t.equal(parseApiDiagnosis('nothing'), undefined)
  t.same(parseApiDiagnosis('\0kubelet \ncontainerd \nnow 1\n\0'), {
    kubelet: '',
    containerd: '',
    expired: [],
    exited: [],
  })
})

t.test('a certificate that has expired, by the clock of the host', async t => {
  const dir = t.testdir()
  const argv = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=kube-apiserver', '-days', '30']
  execFileSync('openssl', [...argv, '-keyout', join(dir, 'key'), '-out', join(dir, 'crt')], { stdio: 'ignore' })
  const pem = readFileSync(join(dir, 'crt'), 'utf8')
  const now = Math.floor(Date.now() / 1000)
  const at = (days: number) =>
    parseApiDiagnosis(`\0now ${now + days * 86_400}\ncert /etc/kubernetes/pki/apiserver.crt\n${pem}\0`)?.expired
  t.same(at(29), [])
  t.match(at(31), [{ file: '/etc/kubernetes/pki/apiserver.crt', until: /GMT$/ }])
})

t.test('each cause has one remedy, the most telling first', async t => {
  const fit = { kubelet: 'active', containerd: 'active', expired: [], exited: [] }
  t.same(causesOf(fit), [])
  t.same(causesOf({ ...fit, disk: { percent: 90, mount: '/' } }), [])
  const all = causesOf({
    kubelet: 'failed',
    containerd: 'inactive',
    disk: { percent: 99, mount: '/' },
    expired: [{ file: 'a', until: 'then' }],
    exited: ['etcd'],
  })
  t.match(
    all.map(cause => cause.what),
    [/99% full/, /expired: a \(then\)/, /containerd is inactive/, /kubelet is failed/, /etcd has ended/],
  )
  for (const cause of all) t.not(cause.remedy, '')
})

t.test('the shell text gives back the return code that it found', async t => {
  let rc = 0
  try {
    execFileSync('sh', ['-c', `(exit 7)\n${apiDiagnosis}`], { stdio: 'ignore' })
  } catch (error) {
    rc = (error as { readonly status: number }).status
  }
  t.equal(rc, 7)
})
