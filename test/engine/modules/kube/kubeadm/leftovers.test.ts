import t from 'tap'
import { leftovers } from '../../../../../engine/modules/kube/kubeadm/leftovers.js'

const raw = (stdout: string, rc = 0) => ({ rc, stdout: Buffer.from(stdout), stderr: new Uint8Array() })

t.test('what is left, by who takes it away', async t => {
  const said = [
    'cluster /etc/kubernetes/kubelet.conf',
    'cluster process kubelet',
    'files /var/lib/cni',
    'network link vxlan.calico',
    'network link cni0',
    'network nft ip kube-proxy',
    '',
  ].join('\n')
  t.same(leftovers.parse(raw(said)), {
    cluster: ['/etc/kubernetes/kubelet.conf', 'process kubelet'],
    network: ['link vxlan.calico', 'link cni0', 'nft ip kube-proxy'],
    files: ['/var/lib/cni'],
  })
  t.same(leftovers.parse(raw('')), { cluster: [], network: [], files: [] })
  t.throws(() => leftovers.parse(raw('', 1)))
})
