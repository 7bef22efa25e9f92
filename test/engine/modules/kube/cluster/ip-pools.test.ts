import { chmodSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import t from 'tap'
import type { Raw } from '../../../../../engine/core/module.js'
import { ipPools } from '../../../../../engine/modules/kube/cluster/ip-pools.js'
import { LocalHost } from '../../../../support/local-host.js'

const raw = (rc: number, stdout = '', stderr = ''): Raw => ({
  rc,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
})
const { parse } = ipPools('/etc/kubernetes/admin.conf')

t.test("Calico's pools, as recorded", async t => {
  t.same(parse(raw(44)), { api: 'none' })
  const missing = 'Error from server (NotFound): the server could not find the requested resource\n'
  const none = { api: 'answers', cidrs: [], namespaces: [], flannel: false }
  t.same(parse(raw(1, 'kube-system/kube-proxy \0', missing)), none, 'Calico is not installed')
  t.same(parse(raw(1, 'kube-flannel/kube-flannel-ds kube-system/kube-proxy \0', missing)), { ...none, flannel: true })
  const refused =
    'The connection to the server cluster-endpoint:6443 was refused - did you specify the right host or port?\n'
  t.same(parse(raw(45, '', refused)), { api: 'silent' })
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
  const cidrs = ['10.244.0.0/16']
  const seen = (agents: string) => parse(raw(0, `${agents}\0${JSON.stringify(pools)}`))
  t.same(seen('calico-system/calico-node x/y '), { ...none, cidrs, namespaces: ['calico-system'] })
  t.same(seen('kube-system/kube-proxy '), { ...none, cidrs }, 'pools of a Calico that is gone')
  t.same(parse(raw(1, 'kube-system/calico-node \0', refused)), { api: 'silent' })
  t.throws(() => parse(raw(0, '\0<html>')), 'what is not JSON says nothing')
})

t.test('pools and agents are asked for in one read', async t => {
  const kubectl = `#!/bin/sh
case "$*" in
  *ippools*) echo '{"kind":"IPPoolList","items":[{"spec":{"cidr":"10.244.0.0/16"}}]}' ;;
  *'daemonsets -A'*) printf 'calico-system/calico-node kube-system/kube-proxy ' ;;
  *) exit 1 ;;
esac
`
  const dir = t.testdir({ bin: { kubectl }, conf: '' })
  chmodSync(join(dir, 'bin/kubectl'), 0o755)
  const host = new LocalHost(['/bin/sh'], { PATH: `${join(dir, 'bin')}${delimiter}${process.env['PATH']}` })
  const read = ipPools(join(dir, 'conf'))
  t.same(read.parse(await host.shell(read.sh, { ok: 'any' })), {
    api: 'answers',
    cidrs: ['10.244.0.0/16'],
    namespaces: ['calico-system'],
    flannel: false,
  })
})
