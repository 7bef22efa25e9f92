import t from 'tap'
import type { JsonObject } from '../../engine/core/json.js'
import docker from '../../roles/docker/role.js'
import { cluster, findingsOf, paramsOf, stepsOf, systems } from '../support/role-view.js'

const hosts = cluster(systems.debian12)

t.test('the package of each system', async t => {
  t.same(paramsOf(stepsOf(docker, hosts, 'node1'), 'apt')['name'], ['containerd'])
  t.same(paramsOf(stepsOf(docker, cluster(systems.rhel9), 'node1'), 'package')['name'], ['containerd.io'])
  const own = stepsOf(docker, cluster(systems.ubuntu2404), 'node1', {
    containerd_repo_url: 'https://download.docker.com/linux/ubuntu',
  })
  t.same(paramsOf(own, 'apt')['name'], ['containerd.io'])
  t.same(paramsOf(own, 'deb822_repository')['suites'], ['noble'])
})

t.test('the pause image is the one that this kubeadm names', async t => {
  t.equal(
    paramsOf(stepsOf(docker, hosts, 'node1', { kubernetes_version: '1.33.1' }), 'containerd_config')['pause_image'],
    'registry.k8s.io/pause:3.10',
  )
  t.equal(paramsOf(stepsOf(docker, hosts, 'node1'), 'containerd_config')['pause_image'], 'registry.k8s.io/pause:3.10.1')
})

t.test('the cluster is never reached by way of the proxy', async t => {
  const steps = stepsOf(docker, hosts, 'node1', { https_proxy: 'http://proxy.example.com:3128' })
  const dropIn = JSON.stringify(steps.find(step => step.name.includes('by way of the proxy')))
  for (const inside of ['10.244.0.0/16', '10.96.0.0/12', '.cluster.local', 'cluster-endpoint', '192.0.2.12', 'node3'])
    t.match(dropIn, inside)
  t.notMatch(dropIn, 'HTTP_PROXY')
})

t.test("the pause image comes from kubeadm's own repository of images", async t => {
  const pause = (given: JsonObject) =>
    paramsOf(stepsOf(docker, hosts, 'node1', given), 'containerd_config')['pause_image']
  t.equal(pause({ kubeadm_image_repository: 'registry.example.com/k8s' }), 'registry.example.com/k8s/pause:3.10.1')
})

t.test('a containerd that this Kubernetes may be too new for is told', async t => {
  const found = (given: JsonObject) => findingsOf(docker, hosts, 'node1', given)
  t.same(found({ kubernetes_version: '1.35.4' }), [])
  t.match(found({ kubernetes_version: '1.36.3' }), [
    { level: 'warning', what: /containerd 2/, remedy: /containerd_repo_url/ },
  ])
  t.same(found({ kubernetes_version: '1.36.3', containerd_repo_url: 'https://download.docker.com/linux/debian' }), [])
})
