import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { objectOfFile, wholeDiffs } from '../../../../../engine/modules/kube/cluster/unified.js'

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
