import t from 'tap'
import { labVariables, mirrorVariables } from '../../../lab/mirror/variables.js'

t.test('every address is on the mirror', async t => {
  const variables = mirrorVariables('http://10.77.0.1:8080', { calico: 'ff', operator: 'ee' })
  t.match(variables, {
    kube_packages_repo: 'http://10.77.0.1:8080/core:/stable:/v1.34/deb/',
    kube_packages_key_url: 'http://10.77.0.1:8080/core:/stable:/v1.34/deb/Release.key',
    containerd_registry_mirrors: {
      'registry.k8s.io': ['http://10.77.0.1:8080'],
      'docker.io': ['http://10.77.0.1:8080'],
    },
    calico_manifest_url: 'http://10.77.0.1:8080/projectcalico/calico/v3.28.5/manifests/calico-vxlan.yaml',
    calico_manifest_sha256: 'ff',
    calico_operator_url: 'http://10.77.0.1:8080/projectcalico/calico/v3.28.5/manifests/tigera-operator.yaml',
    calico_operator_sha256: 'ee',
  })
})

t.test('what a lab host needs does not depend on the mirror', async t => {
  t.match(labVariables(true), {
    kubernetes_version: '1.34.4',
    kubeadm_proxy: { mode: 'nftables', conntrack: { maxPerCore: 0 } },
  })
})

t.test('a preflight check is waived only where a lab host cannot pass it', async t => {
  t.notOk('kubeadm_ignore_preflight_errors' in labVariables(true))
  t.strictSame(labVariables(false)['kubeadm_ignore_preflight_errors'], ['SystemVerification'])
})
