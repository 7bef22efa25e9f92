import t from 'tap'
import kubePackages from '../../roles/kube-packages/role.js'
import { cluster, findingsOf, paramsOf, stepsOf, systems } from '../support/role-view.js'

const hosts = cluster(systems.debian12)

t.test('where the packages come from', async t => {
  t.match(paramsOf(stepsOf(kubePackages, hosts, 'node1', { kubernetes_version: '1.33.2' }), 'kube_repository'), {
    url: 'https://pkgs.k8s.io/core:/stable:/v1.33/deb/',
    key_url: 'https://pkgs.k8s.io/core:/stable:/v1.33/deb/Release.key',
  })
  t.match(paramsOf(stepsOf(kubePackages, cluster(systems.rhel9), 'node1'), 'kube_repository'), {
    url: 'https://pkgs.k8s.io/core:/stable:/v1.34/rpm/',
    key_url: 'https://pkgs.k8s.io/core:/stable:/v1.34/rpm/repodata/repomd.xml.key',
  })
  t.match(
    paramsOf(stepsOf(kubePackages, hosts, 'node1', { kube_packages_repo: 'http://192.0.2.1/k8s' }), 'kube_repository'),
    {
      url: 'http://192.0.2.1/k8s/',
      key_url: 'http://192.0.2.1/k8s/Release.key',
    },
  )
})

t.test('installed before they are held, crictl asked for by name', async t => {
  const steps = stepsOf(kubePackages, hosts, 'node1')
  const modules = steps.map(step => step.module)
  t.ok(
    modules.indexOf('kube_repository') < modules.indexOf('apt') &&
      modules.indexOf('apt') < modules.indexOf('dpkg_selections'),
  )
  const names = paramsOf(steps, 'apt')['name'] as readonly string[]
  for (const name of ['kubelet=1.34.4-*', 'kubeadm=1.34.4-*', 'kubectl=1.34.4-*', 'cri-tools', 'conntrack'])
    t.ok(names.includes(name), name)
  t.equal(paramsOf(stepsOf(kubePackages, cluster(systems.rhel9), 'node1'), 'dnf')['disable_excludes'], 'kubernetes')
})

t.test('cgroup v1 is refused where the kubelet would refuse it', async t => {
  const v1 = cluster(systems.debian12, host => ({ ...host, facts: { ...host.facts, cgroup_version: 1 } }))
  t.same(findingsOf(kubePackages, v1, 'node2'), [])
  t.match(findingsOf(kubePackages, v1, 'node2', { kubernetes_version: '1.35.1' }), [
    { level: 'error', host: 'node2', what: /cgroup v1/ },
  ])
  t.same(
    findingsOf(kubePackages, v1, 'node2', { kubernetes_version: '1.35.1', kubeadm_kubelet: { failCgroupV1: false } }),
    [],
  )
  t.match(findingsOf(kubePackages, hosts, 'node2', { kubernetes_version: '1.30.1' }), [{ what: /too old/ }])
})
