import t from 'tap'
import type { Raw } from '../../../../../engine/core/module.js'
import { nodeState } from '../../../../../engine/modules/kube/cluster/node-state.js'

const raw = (stdout: string, rc = 0, stderr = ''): Raw => ({
  rc,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
})
const { parse } = nodeState('/conf', 'node3')

const node = (...ready: readonly string[]): string =>
  JSON.stringify({
    status: {
      addresses: [
        { type: 'Hostname', address: 'node3' },
        { type: 'InternalIP', address: '192.0.2.13' },
      ],
      nodeInfo: { machineID: 'm3' },
      conditions: [{ type: 'MemoryPressure', status: 'Unknown' }, ...ready.map(status => ({ type: 'Ready', status }))],
    },
  })

t.test('a Node that is not Ready is told from one that is not heard from', t => {
  const its = { there: true, machineId: 'm3', address: '192.0.2.13' }
  t.strictSame(parse(raw(node('True'))), { ...its, ready: true, heard: true })
  t.strictSame(parse(raw(node('False'))), { ...its, ready: false, heard: true })
  t.strictSame(parse(raw(node('Unknown'))), { ...its, ready: false, heard: false })
  t.strictSame(parse(raw(node())), { ...its, ready: false, heard: false }, 'its kubelet was never there')
  t.end()
})

t.test('no Node, and no answer', t => {
  t.strictSame(parse(raw('', 44)), { there: false })
  t.strictSame(parse(raw('', 1, 'E1\nconnection refused\n')), { there: 'perhaps', why: 'connection refused' })
  t.end()
})
