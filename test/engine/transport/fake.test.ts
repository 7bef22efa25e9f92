import t from 'tap'
import type { Target } from '../../../engine/core/connection.js'
import { fake } from '../../../engine/transport/fake.js'
import { said } from '../shell/shells.js'
import { failureOf } from './wait.js'

const target = (name: string): Target => ({
  name,
  kind: 'fake',
  address: name,
  knownHosts: [],
  sshArgs: [],
  connectTimeout: 1,
})

t.test('rules answer by text and by expression, the first that fits', async t => {
  const transport = fake({
    hosts: {
      a: [
        ['uptime', { stdout: 'exactly' }],
        [/up/, { rc: 1, stderr: 'about' }],
      ],
    },
  })
  const channel = await (await transport.connect(target('a'))).channel('root')
  t.strictSame((await channel.run([{ sh: 'uptime' }, { sh: 'uptime -p' }])).map(said), [
    { rc: 0, stdout: 'exactly', stderr: '' },
    { rc: 1, stdout: '', stderr: 'about' },
  ])
  t.strictSame(transport.batches, [{ host: 'a', as: 'root', jobs: [{ sh: 'uptime' }, { sh: 'uptime -p' }], number: 0 }])
})

t.test('a job that no rule knows fails with its text', async t => {
  const transport = fake({ hosts: { a: [] } })
  const channel = await (await transport.connect(target('a'))).channel('login')
  t.match(await failureOf(channel.run([{ sh: 'rm -rf /' }])), {
    kind: 'bug',
    message: /'a' has no answer.*\nrm -rf \//,
  })
})

t.test('a state outlives a lost connection', async t => {
  const transport = fake({
    state: () => new Map<string, string>(),
    hosts: {
      a: (job, files, { host, as }) => {
        if (job.sh.startsWith('write')) files.set(job.sh, `${host} ${as}`)
        return { stdout: String(files.size) }
      },
    },
  })
  const first = await transport.connect(target('a'))
  transport.loseNext('a', 1)
  t.match(await failureOf((await first.channel('login')).run([{ sh: 'write 1' }, { sh: 'write 2' }])), { code: 'lost' })
  t.match(await failureOf(first.channel('login')), { code: 'lost' })
  const again = await transport.connect(target('a'))
  t.match((await (await again.channel('login')).run([{ sh: 'read' }])).map(said), [{ stdout: '1' }])
  t.strictSame([...transport.state('a')], [['write 1', 'a login']])
  t.equal(transport.connects('a'), 2)
  t.equal(transport.sent('a').length, 2)
  t.equal(again.roundTrips, 1)
})

t.test('what cannot be reached, what is held back, and what is aborted', async t => {
  let release = (): void => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const transport = fake({ hosts: { a: [[/./, {}]], b: [] }, unreachable: { b: 'auth' }, delay: () => held })
  t.match(await failureOf(transport.connect(target('b'))), { kind: 'unreachable', code: 'auth' })
  const channel = await (await transport.connect(target('a'))).channel('login')
  let answered = false
  const batch = channel.run([{ sh: 'x' }]).then(() => {
    answered = true
  })
  const abort = new AbortController()
  const aborted = failureOf(channel.run([{ sh: 'y' }], abort))
  await new Promise(resolve => setImmediate(resolve))
  t.equal(answered, false)
  abort.abort()
  release()
  await batch
  t.match(await aborted, { kind: 'interrupted' })
})
