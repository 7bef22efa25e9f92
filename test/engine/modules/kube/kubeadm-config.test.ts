import t from 'tap'
import { inside } from '../../../../engine/modules/kube/get-objects.js'
import { asFile, initDocuments, joinDocument } from '../../../../engine/modules/kube/kubeadm-config.js'

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
