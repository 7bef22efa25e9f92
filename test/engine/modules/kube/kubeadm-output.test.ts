import t from 'tap'
import { kubeadmInit } from '../../../../engine/modules/kube/kubeadm/kubeadm_init.js'
import { kubeadmJoin } from '../../../../engine/modules/kube/kubeadm/kubeadm_join.js'
import { kubeadmMessages } from '../../../../engine/modules/kube/kubeadm-messages.js'
import { diagnoseKubeadm, preflightErrors } from '../../../../engine/modules/kube/kubeadm-output.js'
import { kubectlMessages } from '../../../../engine/modules/kube/kubectl-output.js'

/** What kubeadm 1.34.4 and kubectl print, as recorded. */
const recorded: readonly {
  readonly name: string
  readonly stderr: string
  readonly stdout?: string
  readonly code: string
  readonly what: RegExp
  readonly remedy: RegExp
}[] = [
  {
    name: 'a port in use',
    stderr: `	[WARNING SystemVerification]: cgroups v1 support is in maintenance mode, please migrate to cgroups v2
[preflight] Some fatal errors occurred:
	[ERROR Port-6443]: Port 6443 is in use
[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\`
error: error execution phase preflight: preflight checks failed
To see the stack trace of this error execute with --v=5 or higher
`,
    code: 'preflight',
    what: /check Port-6443 failed: Port 6443 is in use$/,
    remedy: /ss -ltnp/,
  },
  {
    name: 'several checks, the first is told and the others are named',
    stderr: `[preflight] Some fatal errors occurred:
	[ERROR NumCPU]: the number of available CPUs 1 is less than the required 2
	[ERROR Mem]: the system RAM (957 MB) is less than the minimum 1700 MB
	[ERROR FileContent--proc-sys-net-ipv4-ip_forward]: /proc/sys/net/ipv4/ip_forward contents are not set to 1
[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\`
error: error execution phase preflight: preflight checks failed
`,
    code: 'preflight',
    what: /NumCPU failed: .* required 2 \(and Mem, FileContent--proc-sys-net-ipv4-ip_forward\)$/,
    remedy: /2 CPUs/,
  },
  {
    name: 'an image that cannot be pulled says so over several lines',
    stderr: `[preflight] Some fatal errors occurred:
	[ERROR ImagePull]: failed to pull image registry.k8s.io/kube-apiserver:v1.34.4: failed to pull image registry.k8s.io/kube-apiserver:v1.34.4: rpc error: code = DeadlineExceeded desc = failed to do request: dial tcp 192.0.2.1:443: i/o timeout
[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\`
`,
    code: 'preflight',
    what: /ImagePull failed: .*kube-apiserver/,
    remedy: /containerd_registry_mirrors/,
  },
  {
    name: 'an image behind a login that is refused',
    stderr: `[preflight] Some fatal errors occurred:
	[ERROR ImagePull]: failed to pull image registry.example.com/kube-apiserver:v1.34.4: rpc error: code = Unknown desc = failed to pull and unpack image "registry.example.com/kube-apiserver:v1.34.4": failed to resolve reference "registry.example.com/kube-apiserver:v1.34.4": unexpected status from HEAD request to https://registry.example.com/v2/kube-apiserver/manifests/v1.34.4: 401 Unauthorized
`,
    code: 'preflight',
    what: /ImagePull failed: .*401 Unauthorized/,
    remedy: /containerd_registry_credentials/,
  },
  {
    name: 'a check that fails for each image is named once',
    stderr: `	[ERROR ImagePull]: failed to pull image registry.k8s.io/kube-apiserver:v1.34.4: no such host
	[ERROR ImagePull]: failed to pull image registry.k8s.io/pause:3.10.1: no such host
	[ERROR Port-6443]: Port 6443 is in use
`,
    code: 'preflight',
    what: /kube-apiserver:v1\.34\.4: no such host \(and Port-6443\)$/,
    remedy: /containerd_registry_mirrors/,
  },
  {
    name: 'an older cluster',
    stderr: `	[ERROR FileAvailable--etc-kubernetes-kubelet.conf]: /etc/kubernetes/kubelet.conf already exists
	[ERROR DirAvailable--var-lib-etcd]: /var/lib/etcd is not empty
`,
    code: 'preflight',
    what: /kubelet\.conf already exists/,
    remedy: /reset\.yml/,
  },
  {
    name: 'a kubelet that does not start',
    stderr: `error: error execution phase kubelet-wait-bootstrap: failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL http://127.0.0.1:10248/healthz' returned error: Get "http://127.0.0.1:10248/healthz": dial tcp 127.0.0.1:10248: connect: connection refused
`,
    stdout: '[kubelet-check] The kubelet is not healthy after 4m0.001318919s\n',
    code: 'kubelet-dead',
    what: /the kubelet does not run/,
    remedy: /journalctl -u kubelet/,
  },
  {
    name: 'a kubelet that does not start, of which kubeadm had warned',
    stderr: `	[WARNING Swap]: swap is supported for cgroup v2 only. The kubelet must be properly configured to use swap. Please refer to https://kubernetes.io/docs/concepts/architecture/nodes/#swap-memory, or disable swap on the node
	[WARNING SystemVerification]: cgroups v1 support is in maintenance mode, please migrate to cgroups v2
	[WARNING Firewalld]: firewalld is active, please ensure ports [6443 10250] are open or your cluster may not function correctly
error: error execution phase kubelet-wait-bootstrap: failed while waiting for the kubelet to start: The HTTP call equal to 'curl -sSL http://127.0.0.1:10248/healthz' returned error: context deadline exceeded
`,
    code: 'kubelet-dead',
    what: /kubeadm had warned:\nSwap: swap is supported .*Firewalld: firewalld is active/,
    remedy: /swap is on/,
  },
  {
    name: 'a control plane that does not come up',
    stderr: `error: error execution phase wait-control-plane: failed while waiting for the control plane to start: kube-apiserver check failed at https://192.0.2.11:6443/livez: Get "https://192.0.2.11:6443/livez?timeout=10s": dial tcp 192.0.2.11:6443: connect: connection refused
`,
    code: 'control-plane-dead',
    what: /the control plane did not come up/,
    remedy: /crictl ps -a/,
  },
  {
    name: 'a Node that is Ready',
    stderr: `error: error execution phase kubelet-start: a Node with name "node3" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node
`,
    code: 'node-exists',
    what: /"node3"/,
    remedy: /kubectl delete node/,
  },
  {
    name: 'a token that has expired',
    stderr: `error: error execution phase preflight: couldn't validate the identity of the API Server: token id "abcdef" is invalid for this cluster or it has expired. Use "kubeadm token create" on the control-plane node to create a new valid token
`,
    code: 'token-gone',
    what: /not there any more/,
    remedy: /run again/,
  },
  {
    name: 'a signature that is not there yet',
    stderr: `error: error execution phase preflight: couldn't validate the identity of the API Server: could not find a JWS signature in the cluster-info ConfigMap for token ID "abcdef"
`,
    code: 'token-gone',
    what: /not there any more/,
    remedy: /new token/,
  },
  {
    name: 'a wrong secret',
    stderr: `error: error execution phase preflight: couldn't validate the identity of the API Server: failed to verify JWS signature of received cluster info object, can't trust this API Server
`,
    code: 'token-wrong',
    what: /another cluster answers/,
    remedy: /control_plane_endpoint/,
  },
  {
    name: 'clocks that differ',
    stderr: `error: error execution phase preflight: couldn't validate the identity of the API Server: failed to request the cluster-info ConfigMap: Get "https://cluster-endpoint:6443/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T10:00:00Z is before 2026-11-23T21:50:00Z
`,
    code: 'clock',
    what: /clocks .*is before 2026/,
    remedy: /set-ntp/,
  },
  {
    name: 'an endpoint that is not reached',
    stderr: `error: error execution phase preflight: couldn't validate the identity of the API Server: failed to request the cluster-info ConfigMap: Get "https://cluster-endpoint:6443/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s": dial tcp 192.0.2.11:6443: connect: no route to host
`,
    code: 'api-unreachable',
    what: /cannot be reached/,
    remedy: /6443/,
  },
  {
    name: 'a learner in the way',
    stderr:
      'error: error execution phase etcd-join: error creating local etcd static pod manifest file: etcdserver: too many learner members in cluster\n',
    code: 'learners',
    what: /another member/,
    remedy: /wait/,
  },
  {
    name: 'a field that v1beta4 does not know',
    stderr: `error: error unmarshaling configuration schema.GroupVersionKind{Group:"kubeadm.k8s.io", Version:"v1beta4", Kind:"ClusterConfiguration"}: strict decoding error: unknown field "networking.podSubnett"
To see the stack trace of this error execute with --v=5 or higher
`,
    code: 'bad-config',
    what: /unknown field "networking\.podSubnett"/,
    remedy: /kubeadm_cluster/,
  },
  {
    name: 'a value that it does not take',
    stderr: 'error: networking.podSubnet: Invalid value: "10.0.0.0": couldn\'t parse subnet\n',
    code: 'bad-config',
    what: /couldn't parse subnet/,
    remedy: /kubeadm_cluster/,
  },
  {
    name: 'kubeadm ended from outside',
    stderr: 'the unit tkplay-kubeadm-init.service was ended from outside\n',
    code: 'ended',
    what: /ended on the host/,
    remedy: /run again/,
  },
  {
    name: 'a phase that nobody has seen fail yet',
    stderr:
      'error: error execution phase upload-config/kubeadm: unable to create ConfigMap: etcdserver: mvcc: database space exceeded\n',
    code: 'phase',
    what: /phase upload-config\/kubeadm: .*space exceeded/,
    remedy: /run again/,
  },
]

for (const { name, stderr, stdout = '', code, what, remedy } of recorded) {
  t.test(name, async t => {
    const diagnosis = diagnoseKubeadm({ rc: 1, stdout, stderr })
    t.equal(diagnosis?.code, code)
    const message = kubeadmMessages.codes[code]?.(diagnosis?.data ?? null)
    t.match(message?.what, what)
    t.match(message?.remedy, remedy)
  })
}

t.test('what says nothing is not diagnosed', async t => {
  t.equal(diagnoseKubeadm({ rc: 1, stdout: '', stderr: 'Killed\n' }), undefined)
})

t.test('an error of several lines ends where the next line speaks for itself', async t => {
  t.same(
    preflightErrors(
      '\t[ERROR CRI]: container runtime is not running: output: one\ntwo\n, error: exit status 1\n[preflight] If you know\n',
    ),
    [{ check: 'CRI', text: 'container runtime is not running: output: one\ntwo\n, error: exit status 1' }],
  )
})

t.test('every code that a plan or an apply can give has its words', async t => {
  for (const code of ['other-cluster', 'worker', 'broken', 'partial']) t.ok(kubeadmInit.messages?.codes[code], code)
  for (const code of ['other-cluster', 'partial', 'name-taken']) t.ok(kubeadmJoin.messages?.codes[code], code)
  for (const { code } of recorded) t.ok(kubeadmMessages.codes[code], code)
})

const kubectl: readonly (readonly [string, string, RegExp])[] = [
  [
    'conflict',
    'error: Apply failed with 1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.replicas\n',
    /force_conflicts/,
  ],
  [
    'no-kind',
    'error: resource mapping not found for name: "one" namespace: "" from "STDIN": no matches for kind "Pool" in version "example.com/v1"\n',
    /CustomResourceDefinition/,
  ],
  [
    'invalid',
    'The Deployment "app" is invalid: spec.template.metadata.labels: Invalid value: {}: `selector` does not match template `labels`\n',
    /mend the field/,
  ],
  [
    'forbidden',
    'Error from server (Forbidden): namespaces is forbidden: User "dev" cannot create resource "namespaces"\n',
    /right/,
  ],
  [
    'webhook',
    'Error from server (InternalError): Internal error occurred: failed calling webhook "validate.example.com": connection refused\n',
    /kube_wait/,
  ],
  [
    'api',
    'The connection to the server cluster-endpoint:6443 was refused - did you specify the right host or port?\n',
    /crictl ps/,
  ],
  ['checksum', 'checksum of https://example.com/app.yaml: aa instead of bb\n', /both change/],
  ['download', 'curl: (6) Could not resolve host: example.com\n', /http_proxy/],
]

for (const [code, stderr, remedy] of kubectl) {
  t.test(`kubectl: ${code}`, async t => {
    const diagnosis = kubectlMessages.diagnose?.({ rc: 1, stdout: '', stderr })
    t.equal(diagnosis?.code, code)
    t.match(kubectlMessages.codes[code]?.(diagnosis?.data ?? null).remedy, remedy)
  })
}
