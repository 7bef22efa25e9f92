import { hostname, userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Target } from '../../../engine/core/connection.js'
import { fake } from '../../../engine/transport/fake.js'
import { createTransport } from '../../../engine/transport/index.js'
import type { ShellChannel } from '../../../engine/transport/shell-channel.js'
import { said } from '../shell/shells.js'
import { failureOf, isAlive, timers, until } from './wait.js'

const target: Target = {
  name: 'localhost',
  kind: 'local',
  address: 'x',
  knownHosts: [],
  sshArgs: [],
  connectTimeout: 1000,
}

t.test('this machine, in a session of its own', async t => {
  const transport = createTransport()
  const connection = await transport.connect({ ...target, environment: { GREETING: "it's me" } })
  t.equal(connection.target, `${userInfo().username}@${hostname()}:local`)
  const channel = await connection.channel('login')
  const answers = await channel.run([
    { sh: 'id -un; echo "$GREETING"' },
    { sh: 'read -r pid name state parent group session rest </proc/$$/stat; [ $session = $$ ] && echo apart' },
    { sh: 'cat', stdin: Buffer.alloc(500_000, 7) },
  ])
  t.equal(said(answers[0]).stdout, `${userInfo().username}\nit's me\n`)
  t.equal(said(answers[1]).stdout, 'apart\n')
  t.equal(answers[2]?.stdout.length, 500_000)
  t.equal(connection.roundTrips, 1)
  await connection.close()
  await transport.close()
})

t.test('a connection that was closed keeps nobody waiting', async t => {
  const before = timers()
  const connection = await createTransport().connect(target)
  const [answer] = await (await connection.channel('login')).run([{ sh: 'echo $$' }])
  const shell = Number(said(answer).stdout)
  await connection.close()
  while (isAlive(shell)) await sleep(5)
  // Others may end meanwhile; ours would be one more.
  t.ok(timers() <= before, `${timers()} timers, and ${before} before`)
})

t.test('channels are opened again, and what runs on the old ones is finished', async t => {
  const connection = await createTransport().connect(target)
  const before = await connection.channel('login')
  const running = [before.run([{ sh: 'sleep 0.3; echo $$' }]), before.run([{ sh: 'echo $$' }])]
  connection.reopen()
  const after = await connection.channel('login')
  const fresh = said((await after.run([{ sh: 'echo $$' }]))[0]).stdout
  const [first, second] = (await Promise.all(running)).map(([answer]) => said(answer).stdout)
  t.equal(first, second)
  t.not(first, fresh)
  t.ok(await until(() => (before as ShellChannel).closed))
  await connection.close()
})

t.test('a kind of host that is not there', async t => {
  const transport = createTransport()
  await t.rejects(transport.connect({ ...target, kind: 'fake' }), /no fake transport/)
  const over = createTransport({ fake: fake({ hosts: { localhost: [] } }) })
  t.equal((await over.connect({ ...target, kind: 'fake' })).target, 'fake@localhost:22')
  t.match(await failureOf(over.connect({ ...target, name: 'other', kind: 'fake' })), { kind: 'bug' })
})
