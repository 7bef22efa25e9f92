import t from 'tap'
import { raw } from '../../../engine/core/read.js'
import { Epochs } from '../../../engine/run/epochs.js'
import { Lock } from '../../../engine/run/lock.js'
import { Machine, type PlannedRead } from '../../../engine/run/machine.js'
import { fake } from '../../../engine/transport/fake.js'

const machineOf = () => {
  const epochs = new Epochs()
  const transport = fake({ hosts: { a: job => ({ stdout: job.sh }) } })
  const target = () => ({ name: 'a', kind: 'ssh' }) as never
  return { epochs, transport, machine: new Machine('a', target, transport, epochs, new Lock(), () => undefined) }
}

const planned = (sh: string, scope?: 'cluster'): PlannedRead => ({
  read: { ...raw(sh), ...(scope === undefined ? {} : { scope }) },
  as: 'login',
  env: {},
})

t.test('what was read before a change is dropped with the next read, but not for who asked', async t => {
  const { machine, epochs } = machineOf()
  const [uptime, same, pods] = [planned('uptime'), planned('uptime'), planned('pods')]
  await machine.observe([uptime])
  t.equal(machine.isFresh(planned('uptime')), true)
  epochs.raiseHost('a')
  t.equal(machine.isFresh(uptime), false)
  t.equal(machine.answer(same), machine.answer(uptime), "until then the last answer is anybody's")
  await machine.observe([pods])
  t.equal(machine.answer(same), undefined)
  t.ok(machine.answer(uptime))
  t.equal(machine.isFresh(uptime), false)
})

t.test('a change of the cluster drops what was read of the cluster only', async t => {
  const { machine, epochs, transport } = machineOf()
  await machine.observe([planned('pods', 'cluster'), planned('uptime')])
  epochs.raiseCluster()
  await machine.observe([planned('pods', 'cluster'), planned('uptime')])
  t.strictSame(
    transport.sent('a').map(({ jobs }) => jobs.map(({ sh }) => sh)),
    [['pods', 'uptime'], ['pods']],
  )
})
