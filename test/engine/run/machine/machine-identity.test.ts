import t from 'tap'
import type { Target } from '../../../../engine/core/connection.js'
import { machineIdOf } from '../../../../engine/run/machine/machine-identity.js'

t.test('which targets are one machine', async t => {
  const ssh = { name: 'a', kind: 'ssh', address: '10.0.0.1', sshArgs: [] } as unknown as Target
  const via = { ...ssh, sshArgs: ['-J', 'bastion'] }
  t.equal(machineIdOf(ssh), machineIdOf({ ...ssh, name: 'b', user: 'root' }))
  t.not(machineIdOf(ssh), machineIdOf({ ...ssh, address: '10.0.0.2' }))
  t.not(machineIdOf(ssh), machineIdOf({ ...ssh, port: 2222 }))
  t.not(machineIdOf(ssh), machineIdOf(via), 'behind another host the address may be another machine')
  t.equal(machineIdOf({ ...ssh, kind: 'local' }), machineIdOf({ ...via, kind: 'local', name: 'localhost' }))
})
