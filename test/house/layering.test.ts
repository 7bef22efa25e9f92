import t from 'tap'
import { circles, circlesIn } from '../../scripts/lib/circles.js'
import { importsIn } from '../../scripts/lib/imports.js'
import { inWords, violations, violationsOf } from '../../scripts/lib/layers.js'

t.test('imports go down only, and each dependency stays at home', async t => {
  t.same(violations().map(inWords), [])
})

const judged = (file: string, text: string) => violationsOf(file, importsIn(text, file)).map(inWords)

t.test('a violation is named with its place and what would be allowed', async t => {
  t.same(judged('engine/shell/quote.ts', "import { a } from '../core/a.js'\n\nimport { b } from '../run/b.js'\n"), [
    'engine/shell/quote.ts:3 imports engine/run/b.ts → engine/shell may import engine/core, engine/python',
  ])
  t.same(judged('engine/report/words.ts', "import pLimit from 'p-limit'\n"), [
    'engine/report/words.ts:1 imports p-limit → p-limit lives in scripts, bench',
  ])
})

t.test('types, re-exports and dynamic imports count', async t => {
  for (const text of [
    "import type { A } from '../run/a.js'",
    "import { type A } from '../run/a.js'",
    "export { a } from '../run/a.js'",
    "export * from '../run/a.js'",
    "export type { A } from '../run/a.js'",
    "const a = await import('../run/a.js')",
    "type A = import('../run/a.js').A",
  ]) {
    t.equal(judged('engine/report/words.ts', text).length, 1, text)
  }
})

t.test('siblings do not import each other, roles only core and modules', async t => {
  t.equal(judged('engine/template/a.ts', "import '../inventory/b.js'").length, 1)
  t.equal(judged('engine/playbook/a.ts', "import '../template/b.js'").length, 0)
  t.equal(judged('roles/x/role.ts', "import '../../engine/run/b.js'").length, 1)
  t.equal(judged('roles/x/role.ts', "import '../../engine/core/role.js'\nimport '../shared/a.js'").length, 0)
})

t.test("Python's meaning hangs on the contracts alone", async t => {
  t.same(judged('engine/python/a.ts', "import '../core/value.js'"), [])
  t.equal(judged('engine/python/a.ts', "import '../config/yaml/yaml.js'").length, 1)
  t.equal(judged('engine/core/a.ts', "import '../python/regex.js'").length, 1)
})

t.test('core imports nothing, the product knows no lab, unknown packages have no home', async t => {
  t.equal(judged('engine/core/a.ts', "import { join } from 'node:path'").length, 1)
  t.equal(judged('engine/run/a.ts', "import '../../lab/lab.js'").length, 1)
  t.match(judged('engine/run/a.ts', "import x from '@a/b/c.js'")[0], /@a\/b has no home/)
})

t.test('floors of engine/run: imports go down only, and each file has one', async t => {
  t.same(judged('engine/run/step/apply.ts', "import type { A } from '../timeline/path.js'"), [])
  t.match(
    judged('engine/run/timeline/path.ts', "import type { A } from '../step/apply.js'")[0],
    /floors below theirs only/,
  )
  t.match(judged('engine/run/machine/machine.ts', "import type { A } from '../host.js'")[0], /floors below theirs only/)
  t.match(judged('engine/run/other/new.ts', "import { a } from '../host.js'")[0], /it is on no floor/)
})

t.test('the subjects of engine/modules see support and not each other', async t => {
  t.same(judged('engine/modules/kube/cluster/a.ts', "import '../merge.js'"), [])
  t.same(judged('engine/modules/index.ts', "import './files/copy.js'"), [])
  t.same(judged('engine/modules/files/a.ts', "import '../support/path.js'"), [])
  t.match(judged('engine/modules/files/a.ts', "import '../system/fstab.js'")[0], /files may import support/)
  t.match(judged('engine/modules/support/a.ts', "import '../files/tree.js'")[0], /support imports none of the other/)
})

t.test('no files import one another in a circle, types included', async t => {
  t.same(circles(), [])
  const graph = { a: ['b'], b: ['c'], c: ['b', 'd'], d: [], e: ['e', 'a'] }
  t.same(circlesIn(new Map(Object.entries(graph))), [['b', 'c']])
})
