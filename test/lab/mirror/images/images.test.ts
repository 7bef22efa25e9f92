import t from 'tap'
import { parseReference } from '../../../../lab/mirror/images/image.js'
import { agnhostRecipe, type Ingredients, imageRecipes } from '../../../../lab/mirror/images/images.js'

const ingredients: Ingredients = {
  program: (module, name) => `/built/${module}/${name}`,
  sources: (module, folder) => `/sources/${module}/${folder}`,
  busybox: { folder: '/built/busybox', applets: ['busybox', 'sh', 'nslookup'] },
}
const recipes = imageRecipes(ingredients)
const named = (reference: string) => recipes.find(recipe => recipe.reference === reference)

t.test('every name that kubeadm 1.34.4, Calico and the walk-through ask for', async t => {
  t.strictSame(
    recipes.map(recipe => recipe.reference),
    [
      'registry.k8s.io/kube-apiserver:v1.34.4',
      'registry.k8s.io/kube-controller-manager:v1.34.4',
      'registry.k8s.io/kube-scheduler:v1.34.4',
      'registry.k8s.io/kube-proxy:v1.34.4',
      'registry.k8s.io/etcd:3.6.5-0',
      'registry.k8s.io/coredns/coredns:v1.12.1',
      'registry.k8s.io/pause:3.10.1',
      'docker.io/calico/node:v3.28.5',
      'docker.io/calico/cni:v3.28.5',
      'docker.io/calico/kube-controllers:v3.28.5',
      'docker.io/calico/typha:v3.28.5',
      'docker.io/calico/node:v3.28.1',
      'docker.io/calico/cni:v3.28.1',
      'docker.io/calico/kube-controllers:v3.28.1',
      'docker.io/calico/typha:v3.28.1',
      'quay.io/tigera/operator:v1.34.13',
      'docker.io/library/nginx:1.14.2',
      'docker.io/library/nginx:1.16.1',
      'docker.io/library/busybox:1.35',
    ],
  )
  for (const { reference } of recipes) t.doesNotThrow(() => parseReference(reference))
})

t.test('paths lie inside the image, and what starts is in it', async t => {
  for (const { reference, entries } of recipes) for (const { path } of entries) t.notMatch(path, /^\/|\.\./, reference)
  const paths = named('registry.k8s.io/pause:3.10.1')?.entries.map(entry => entry.path)
  t.strictSame(paths, ['pause'])
  t.ok(named('docker.io/calico/cni:v3.28.5')?.entries.some(entry => entry.path === 'opt/cni/bin/calico-ipam'))
})

t.test('each nginx says its own version; busybox links its applets, not itself', async t => {
  const page = (tag: string) => {
    const entry = named(`docker.io/library/nginx:${tag}`)?.entries.find(one => one.path.endsWith('index.html'))
    return entry?.kind === 'file' ? String(entry.body) : ''
  }
  t.match(page('1.14.2'), 'nginx/1.14.2')
  t.match(page('1.16.1'), 'nginx/1.16.1')
  const links = named('docker.io/library/busybox:1.35')?.entries.filter(entry => entry.kind === 'symlink')
  t.strictSame(
    links?.map(entry => entry.path),
    ['bin/sh', 'bin/nslookup'],
  )
})

t.test('agnhost starts as the one of upstream does, and has a shell', async t => {
  const { reference, trees, entries, config } = agnhostRecipe(ingredients)
  t.match(parseReference(reference), { host: 'registry.k8s.io', repository: 'e2e-test-images/agnhost' })
  t.strictSame(config, { Entrypoint: ['/agnhost'], Cmd: ['pause'] })
  t.strictSame(trees, ['/built/busybox'])
  const paths = entries.map(entry => entry.path)
  for (const path of ['agnhost', 'bin/sh', 'uploads', 'tmp']) t.ok(paths.includes(path), path)
  t.notOk(
    recipes.some(recipe => recipe.reference === reference),
    'no cluster has to wait until it is built',
  )
})
