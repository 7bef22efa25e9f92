import { createServer } from 'node:net'
import t from 'tap'
import type { Raw } from '../../../../../engine/core/module.js'
import { probePreflight } from '../../../../../engine/modules/kube/host/preflight-probe.js'
import { converge } from '../../../../support/real.js'

const raw = (stdout: string, rc = 0): Raw => ({ rc, stdout: Buffer.from(stdout), stderr: new Uint8Array() })
const { parse } = probePreflight([])

t.test('what ss and ls say, as recorded', async t => {
  const said = [
    'ss',
    'LISTEN 0      4096      127.0.0.53%lo:53        0.0.0.0:*    users:(("systemd-resolve",pid=301,fd=14))           ',
    'LISTEN 0      4096            0.0.0.0:10250     0.0.0.0:*    users:(("kubelet",pid=5120,fd=17))',
    'LISTEN 0      511                [::]:6443         [::]:*    users:(("nginx",pid=812,fd=7),("nginx",pid=811,fd=7))',
    'LISTEN 0      128                   *:22             *:*',
    '\0' + '05-cilium.conflist',
    '.hidden',
    'README',
    '\0' + 'k8s.example.com',
    '',
  ].join('\n')
  t.same(parse(raw(said)), {
    node: false,
    listening: [
      { port: 53, program: 'systemd-resolve', pid: '301' },
      { port: 10250, program: 'kubelet', pid: '5120' },
      { port: 6443, program: 'nginx', pid: '812' },
      { port: 22, program: '', pid: '' },
    ],
    cniConfigs: ['05-cilium.conflist'],
    unresolved: ['k8s.example.com'],
  })
  t.same(parse(raw('\0\0')), { node: false, listening: undefined, cniConfigs: [], unresolved: [] }, 'no ss')
  t.same(parse(raw('node\n')), { node: true })
  t.throws(() => parse(raw('ss\n', 1)))
  t.throws(() => parse(raw('ss\n')), 'cut short')
})

t.test('a port that is taken here, and the same port given back', async t => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  t.match((await converge('kube_preflight', { ports: [port] })).plan, {
    refused: 'port-taken',
    data: { taken: [{ port, pid: String(process.pid) }] },
  })
  await new Promise(resolve => server.close(resolve))
  t.match((await converge('kube_preflight', { ports: [port] })).plan, { changes: [] })
})

t.test('names that resolve, and one that never will', async t => {
  t.match((await converge('kube_preflight', { ports: [], names: ['localhost'] })).plan, { changes: [] })
  t.match((await converge('kube_preflight', { ports: [], names: ['localhost', 'no.such.invalid'] })).plan, {
    refused: 'no-address',
    data: { names: ['no.such.invalid'] },
  })
})
