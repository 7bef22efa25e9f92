import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { objectOfFile, wholeDiffs } from '../../../../engine/modules/kube/cluster/unified.js'
import { inside } from '../../../../engine/modules/kube/get-objects.js'
import { containerdVersion } from '../../../../engine/modules/kube/host/containerd.js'
import { toToml } from '../../../../engine/modules/kube/host/toml.js'
import { parseVersion, pauseImage } from '../../../../engine/modules/kube/host/version.js'
import { caCertHash } from '../../../../engine/modules/kube/kubeadm/ca-hash.js'
import { asFile, initDocuments, joinDocument } from '../../../../engine/modules/kube/kubeadm-config.js'
import { mergeSettings } from '../../../../engine/modules/kube/merge.js'
import { parseManifest, patched } from '../../../../engine/modules/kube/objects.js'
import { isInside, overlap, parseNetwork } from '../../../../roles/shared/networks.js'

t.test('settings are merged by key, named lists by name, and null takes out', async t => {
  const base = {
    apiServer: {
      extraArgs: [
        { name: 'a', value: '1' },
        { name: 'b', value: '2' },
      ],
    },
    mode: 'iptables',
    list: [1, 2],
  }
  t.same(
    mergeSettings(base, {
      apiServer: {
        extraArgs: [
          { name: 'b', value: '3' },
          { name: 'c', value: '4' },
        ],
      },
      mode: null,
      list: [3],
    }),
    {
      apiServer: {
        extraArgs: [
          { name: 'a', value: '1' },
          { name: 'b', value: '3' },
          { name: 'c', value: '4' },
        ],
      },
      list: [3],
    },
  )
})

t.test('merging nothing changes nothing, and merging twice is merging once', async t => {
  const settings = fc.dictionary(
    fc.string(),
    fc.oneof(fc.string(), fc.integer(), fc.dictionary(fc.string(), fc.boolean())),
  )
  fc.assert(
    fc.property(settings, settings, (base, extra) => {
      t.same(mergeSettings(base, {}), base)
      t.same(mergeSettings(mergeSettings(base, extra), extra), mergeSettings(base, extra))
    }),
  )
})

const p = {
  kubernetes_version: '1.34.4',
  cluster_name: 'kubernetes',
  control_plane_endpoint: 'cluster-endpoint:6443',
  pod_subnet: '10.244.0.0/16',
  service_subnet: '10.96.0.0/12',
  dns_domain: 'cluster.local',
  node_name: 'node1',
  node_address: '192.0.2.11',
  cri_socket: 'unix:///run/containerd/containerd.sock',
  ignore_preflight_errors: ['NumCPU'],
  init: {},
  cluster: {},
  kubelet: { failCgroupV1: false },
  proxy: { mode: 'nftables' },
}

t.test('the documents of init', async t => {
  const [init, cluster, kubelet, proxy] = initDocuments(p)
  t.match(init, {
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    localAPIEndpoint: { advertiseAddress: '192.0.2.11' },
    nodeRegistration: {
      name: 'node1',
      ignorePreflightErrors: ['NumCPU'],
      kubeletExtraArgs: [{ name: 'node-ip', value: '192.0.2.11' }],
    },
  })
  t.same(init?.['bootstrapTokens'], [{ ttl: '1m0s' }], 'no token of 24 hours')
  t.match(cluster, { kubernetesVersion: 'v1.34.4', controlPlaneEndpoint: 'cluster-endpoint:6443' })
  t.match(kubelet, { cgroupDriver: 'systemd', failCgroupV1: false })
  t.match(proxy, { mode: 'nftables' })
  t.equal(asFile(initDocuments(p)).split('---\n').length, 4)
})

t.test("a user's arguments of the kubelet do not take node-ip away", async t => {
  const init = { nodeRegistration: { kubeletExtraArgs: [{ name: 'v', value: '4' }] } }
  const [document] = initDocuments({ ...p, init })
  t.same(inside(document, 'nodeRegistration', 'kubeletExtraArgs'), [
    { name: 'node-ip', value: '192.0.2.11' },
    { name: 'v', value: '4' },
  ])
})

t.test('the document of join', async t => {
  t.match(joinDocument({ ...p, join: {} }, { token: 'abcdef.0123456789abcdef', caCertHash: 'sha256:aa' }), {
    kind: 'JoinConfiguration',
    discovery: { bootstrapToken: { apiServerEndpoint: 'cluster-endpoint:6443', caCertHashes: ['sha256:aa'] } },
  })
})

t.test("the CA's pin is that of openssl, for RSA and ECDSA", async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tkplay-test-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const kind of [['rsa:2048'], ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']]) {
    const file = join(folder, 'ca.crt')
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        ...kind,
        '-nodes',
        '-keyout',
        join(folder, 'ca.key'),
        '-out',
        file,
        '-subj',
        '/CN=kubernetes',
      ],
      { stdio: 'ignore' },
    )
    const pin = execFileSync(
      'sh',
      ['-c', `openssl x509 -pubkey -noout -in ${file} | openssl pkey -pubin -outform der | sha256sum`],
      { encoding: 'utf8' },
    )
    t.equal(caCertHash(readFileSync(file, 'utf8')), `sha256:${pin.slice(0, 64)}`)
  }
})

t.test('TOML: values before tables, tables of nothing but tables without a header', async t => {
  t.equal(
    toToml({
      a: { b: { c: 1 } },
      version: 2,
      on: true,
      list: ['x', 1],
      skip: null,
      'x.y': { 'k k': 'é"\n' },
      many: [{ n: 1 }, { n: 2 }],
      none: {},
    }),
    'version = 2\non = true\nlist = ["x", 1]\n\n[a.b]\nc = 1\n\n["x.y"]\n"k k" = "é\\"\\n"\n\n[[many]]\nn = 1\n\n[[many]]\nn = 2\n\n[none]\n',
  )
})

t.test("containerd's versions as its packages write them", async t => {
  t.same(containerdVersion('containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3'), {
    major: 1,
    minor: 6,
  })
  t.same(
    containerdVersion('containerd github.com/containerd/containerd/v2 v2.1.4 75cb2b7193e4e490e9fbdc236c0e811ccaba3376'),
    { major: 2, minor: 1 },
  )
  t.same(containerdVersion('containerd containerd.io 1.7.27 05044ec0a9a75232cad458027ca83437aae3f4da'), {
    major: 1,
    minor: 7,
  })
  t.equal(containerdVersion('command not found'), undefined)
})

t.test('versions of Kubernetes', async t => {
  t.same(parseVersion('v1.34.4'), { minor: 34, patch: 4 })
  t.equal(parseVersion('1.34'), undefined)
  t.equal(pauseImage(34), 'registry.k8s.io/pause:3.10.1')
  t.equal(pauseImage(31), 'registry.k8s.io/pause:3.10')
})

t.test("kubectl's diff gives both sides whole", async t => {
  const text = `diff -rN -U1000000 /run/LIVE-1/apps.v1.DaemonSet.kube-system.calico-node /run/MERGED-2/apps.v1.DaemonSet.kube-system.calico-node
--- /run/LIVE-1/apps.v1.DaemonSet.kube-system.calico-node	2026-11-23 22:00:00.000000000 +0000
+++ /run/MERGED-2/apps.v1.DaemonSet.kube-system.calico-node	2026-11-23 22:00:00.000000000 +0000
@@ -1,3 +1,3 @@
 kind: DaemonSet
-  value: 10.9.0.0/16
+  value: 10.244.0.0/16
 - end
diff -rN -U1000000 /run/LIVE-1/v1.Namespace..web /run/MERGED-2/v1.Namespace..web
--- /run/LIVE-1/v1.Namespace..web	1970-01-01 00:00:00.000000000 +0000
+++ /run/MERGED-2/v1.Namespace..web	2026-11-23 22:00:00.000000000 +0000
@@ -0,0 +1 @@
+kind: Namespace
`
  t.same(wholeDiffs(text), [
    {
      name: 'apps.v1.DaemonSet.kube-system.calico-node',
      before: 'kind: DaemonSet\n  value: 10.9.0.0/16\n- end\n',
      after: 'kind: DaemonSet\n  value: 10.244.0.0/16\n- end\n',
    },
    { name: 'v1.Namespace..web', before: undefined, after: 'kind: Namespace\n' },
  ])
  t.same(wholeDiffs(''), [])
})

t.test("diff's answer is read back, whatever the files hold", async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tkplay-test-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const line = fc.stringMatching(/^[-+ @\\a-z]{0,6}$/)
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.array(line, { minLength: 1, maxLength: 6 }),
      (one, other) => {
        const before = `${one.join('\n')}\nlast\n`
        const after = `${other.join('\n')}\nlast\n`
        const text = execFileSync(
          'sh',
          [
            '-c',
            'mkdir -p L M; printf %s "$1" > L/v1.X..n; printf %s "$2" > M/v1.X..n; diff -rN -U1000000 L M; exit 0',
            'sh',
            before,
            after,
          ],
          { cwd: folder, encoding: 'utf8' },
        )
        t.same(wholeDiffs(text), before === after ? [] : [{ name: 'v1.X..n', before, after }])
      },
    ),
    { numRuns: 25 },
  )
})

t.test('objects are named as people name them', async t => {
  t.equal(objectOfFile('apps.v1.DaemonSet.kube-system.calico-node'), 'DaemonSet kube-system/calico-node')
  t.equal(objectOfFile('v1.Namespace..web'), 'Namespace web')
  t.equal(
    objectOfFile('apiextensions.k8s.io.v1.CustomResourceDefinition..pools.example.com'),
    'CustomResourceDefinition pools.example.com',
  )
})

t.test('a patch adds to lists by name and leaves the rest', async t => {
  const [object] = patched(
    parseManifest(
      'kind: DaemonSet\nmetadata: {name: n}\nspec: {containers: [{name: c, image: i, env: [{name: A, value: "1"}]}, {name: d}]}\n---\nkind: Other\n',
      'm.yaml',
    ),
    [
      {
        kind: 'DaemonSet',
        name: 'n',
        merge: {
          spec: {
            containers: [
              {
                name: 'c',
                env: [
                  { name: 'B', value: '2' },
                  { name: 'A', value: '3' },
                ],
              },
            ],
          },
        },
      },
    ],
  )
  t.same(object, {
    kind: 'DaemonSet',
    metadata: { name: 'n' },
    spec: {
      containers: [
        {
          name: 'c',
          image: 'i',
          env: [
            { name: 'A', value: '3' },
            { name: 'B', value: '2' },
          ],
        },
        { name: 'd' },
      ],
    },
  })
})

t.test('a patch that fits nothing is an error that names it', async t => {
  try {
    patched([], [{ kind: 'DaemonSet', name: 'calico-node', merge: {} }])
    t.fail('it was taken')
  } catch (error) {
    t.match(error, { failure: { kind: 'refused', code: 'patch-lost', data: { object: 'DaemonSet calico-node' } } })
  }
})

t.test('a List is its items', async t => {
  t.equal(parseManifest('kind: List\nitems: [{kind: A}, {kind: B}]\n---\n---\nkind: C\n', 'm.yaml').length, 3)
})

t.test('networks', async t => {
  const network = (text: string) => parseNetwork(text) ?? t.fail(text)
  t.ok(overlap(network('10.96.0.0/12') as never, network('10.100.0.0/16') as never))
  t.notOk(overlap(network('10.244.0.0/16') as never, network('10.96.0.0/12') as never))
  t.equal(parseNetwork('10.0.0.0/33'), undefined)
  t.equal(parseNetwork('fd00::/8'), undefined)
  t.ok(isInside('192.0.2.77', '192.0.2.0/24'))
  t.notOk(isInside('192.0.3.1', '192.0.2.0/24'))
  t.notOk(isInside('node1', '192.0.2.0/24'))
})
