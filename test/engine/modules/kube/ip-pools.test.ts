import t from 'tap'
import type { Raw } from '../../../../engine/core/module.js'
import { ipPools } from '../../../../engine/modules/kube/ip-pools.js'

const raw = (rc: number, stdout = '', stderr = ''): Raw => ({
  rc,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
})
const { parse } = ipPools('/etc/kubernetes/admin.conf')

t.test("Calico's pools, as recorded", async t => {
  t.same(parse(raw(44)), { api: 'none' })
  const missing = 'Error from server (NotFound): the server could not find the requested resource\n'
  t.same(parse(raw(1, '', missing)), { api: 'answers', cidrs: [] }, 'Calico is not installed')
  const refused =
    'The connection to the server cluster-endpoint:6443 was refused - did you specify the right host or port?\n'
  t.same(parse(raw(1, '', refused)), { api: 'silent' })
  const pools = {
    apiVersion: 'crd.projectcalico.org/v1',
    kind: 'IPPoolList',
    items: [
      {
        apiVersion: 'crd.projectcalico.org/v1',
        kind: 'IPPool',
        metadata: { name: 'default-ipv4-ippool' },
        spec: { cidr: '10.244.0.0/16', blockSize: 26, ipipMode: 'Never', vxlanMode: 'Always', natOutgoing: true },
      },
    ],
  }
  t.same(parse(raw(0, JSON.stringify(pools))), { api: 'answers', cidrs: ['10.244.0.0/16'] })
  t.throws(() => parse(raw(0, '<html>')), 'what is not JSON says nothing')
})
