import t from 'tap'
import { goMod, ldflags } from '../../../../lab/mirror/go/go-module.js'
import { goModules } from '../../../../lab/mirror/go/programs.js'

t.test('go.mod pins what is required and replaced', async t => {
  t.equal(
    goMod({ name: 'x', require: { 'a.b/c': 'v1.2.3' }, replace: { 'd.e/f': 'v0.1.0' }, programs: [] }),
    'module tkplay.lab/x\ngo 1.24.0\nrequire a.b/c v1.2.3\nreplace d.e/f => d.e/f v0.1.0\n',
  )
})

t.test('Kubernetes is stamped with its version, and its staging modules follow it', async t => {
  t.match(ldflags(goModules.kubernetes), /-X k8s\.io\/component-base\/version\.gitVersion=v1\.34\.4 /)
  t.match(goMod(goModules.kubernetes), /\nreplace k8s\.io\/kubelet => k8s\.io\/kubelet v0\.34\.4\n/)
})

t.test('no two programs of a module have the same name', async t => {
  for (const { name, programs } of Object.values(goModules))
    t.equal(new Set(programs.map(one => one.name)).size, programs.length, name)
})
