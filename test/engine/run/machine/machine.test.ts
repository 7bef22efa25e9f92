import t from 'tap'
import type { Transport } from '../../../../engine/core/connection.js'
import { raw, text } from '../../../../engine/core/read.js'
import { Epochs } from '../../../../engine/run/machine/epochs.js'
import { Machine } from '../../../../engine/run/machine/machine.js'
import type { PlannedRead } from '../../../../engine/run/machine/observations.js'
import { Locks } from '../../../../engine/run/schedule/locks.js'
import { fake } from '../../../../engine/transport/fake.js'

const target = () => ({ name: 'a', kind: 'ssh' }) as never

const machineOf = () => {
  const epochs = new Epochs()
  const transport = fake({ hosts: { a: job => ({ stdout: job.sh }) } })
  return { epochs, transport, machine: new Machine('a', target, transport, epochs, new Locks(), () => undefined) }
}

const planned = (sh: string, scope?: 'cluster'): PlannedRead => ({
  read: { ...raw(sh), ...(scope === undefined ? {} : { scope }) },
  as: 'login',
  env: {},
})

t.test('what was read before a change is dropped with the next read, but not for who asked', async t => {
  const { machine } = machineOf()
  const [uptime, same, pods] = [planned('uptime'), planned('uptime'), planned('pods')]
  await machine.observe([uptime])
  t.equal(machine.isFresh(planned('uptime')), true)
  machine.outdate()
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

t.test('the end waits for every connection that was put to rest', async t => {
  const { transport } = machineOf()
  const closing: (() => void)[] = []
  const slow: Transport = {
    ...transport,
    connect: async where => {
      const connection = await transport.connect(where)
      return Object.assign(connection, { close: () => new Promise<void>(done => closing.push(done)) })
    },
  }
  const machine = new Machine('a', target, slow, new Epochs(), new Locks(), () => undefined)
  for (const sh of ['uptime', 'pods']) {
    await machine.run('login', [{ sh }])
    machine.rest()
  }
  let ended = false
  const end = machine.close().then(() => {
    ended = true
  })
  closing[1]?.()
  await new Promise(setImmediate)
  t.equal(ended, false)
  closing[0]?.()
  await end
  t.equal(closing.length, 2)
})

t.test('root logs in: what is read as root and as who logs in is one round trip', async t => {
  const transport = fake({ hosts: { a: job => ({ stdout: job.sh }) }, loginUser: 'root' })
  const machine = new Machine('a', target, transport, new Epochs(), new Locks(), () => undefined)
  const reads = [planned('uptime'), { ...planned('id'), as: 'root' as const }, { ...planned('id'), as: { user: 'me' } }]
  await machine.observe(reads)
  t.strictSame(
    transport.sent('a').map(({ jobs }) => jobs.map(({ sh }) => sh)),
    [['uptime', 'id'], ['id']],
  )
  t.equal(machine.roundTrips, 2)
  t.strictSame(
    (await Promise.all(reads.map(one => machine.answer(one)))).map(answer => text(answer?.stdout as Uint8Array)),
    ['uptime', 'id', 'id'],
  )
})

t.test('a connection that is dropped while it is opened is closed when it opens', async t => {
  const { transport } = machineOf()
  let [opened, closed] = [0, 0]
  let open = (): void => {}
  const slow: Transport = {
    ...transport,
    connect: async where => {
      const connection = await transport.connect(where)
      if (++opened === 1) await new Promise<void>(done => (open = done))
      const close = async (): Promise<void> => void closed++
      return Object.assign(connection, { close })
    },
  }
  const machine = new Machine('a', target, slow, new Epochs(), new Locks(), () => undefined)
  const first = machine.run('login', [{ sh: 'uptime' }])
  await new Promise(setImmediate)
  await machine.drop()
  await machine.run('login', [{ sh: 'uptime' }])
  open()
  await t.rejects(first, { code: 'lost' })
  await machine.close()
  t.strictSame([opened, closed], [2, 2])
})
