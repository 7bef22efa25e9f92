import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { Connection, Target } from '../../engine/core/connection.js'
import type { RunAs } from '../../engine/core/module.js'
import { Secret } from '../../engine/core/value.js'
import { createTransport } from '../../engine/transport/index.js'
import { takeDown } from '../../lab/down.js'
import { openLab } from '../../lab/lab.js'
import { silent } from '../../lab/support/log.js'
import { said } from '../engine/shell/shells.js'
import { failureOf, running, unique, until } from '../engine/transport/wait.js'

t.setTimeout(300_000)

const name = 'test-transport'
await takeDown(name, silent)
const lab = await openLab({ name, hosts: 1 })
const transport = createTransport()
t.teardown(async () => {
  await transport.close()
  await takeDown(name, silent)
})
const password = new Secret((await readFile(lab.identity.opspPassword, 'utf8')).trim())

const target = (user: string, more: Partial<Target> = {}): Target => ({
  name: 'node1',
  kind: 'ssh',
  address: lab.host('node1').address,
  user,
  keyFile: lab.identity.key,
  knownHosts: [lab.identity.knownHosts],
  sshArgs: ['-F', '/dev/null'],
  connectTimeout: 20_000,
  ...more,
})

const on = async <T>(to: Target, use: (connection: Connection) => Promise<T>): Promise<T> => {
  const connection = await transport.connect(to)
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

const whoami = (to: Target, as: RunAs): Promise<string> =>
  on(to, async connection => {
    const channel = await connection.channel(as)
    return said((await channel.run([{ sh: 'echo "$(id -un) $HOME"' }]))[0]).stdout.trim()
  })

t.test('sudo and su, with a password and without', async t => {
  t.equal(await whoami(target('ops'), 'login'), 'ops /home/ops')
  t.equal(await whoami(target('ops'), 'root'), 'root /root')
  t.equal(await whoami(target('ops', { becomePassword: password }), 'root'), 'root /root', 'it is not asked for')
  t.equal(await whoami(target('opsp', { becomePassword: password }), 'root'), 'root /root')
  t.equal(await whoami(target('opsp', { becomePassword: password }), { user: 'ops' }), 'ops /home/ops')
  t.equal(await whoami(target('root'), { user: 'ops', method: 'su' }), 'ops /home/ops')
  const { keyFile: _, ...noKey } = target('opsp', { password })
  t.equal(await whoami(noKey, 'login'), 'opsp /home/opsp', 'a login by password')
})

t.test('why there is no root', async t => {
  const wrong = { becomePassword: new Secret('wrong') }
  t.match(await failureOf(whoami(target('opsp', wrong), 'root')), { code: 'become-password', message: /does not take/ })
  t.match(await failureOf(whoami(target('opsp'), 'root')), { code: 'become-password', message: /asks for a password/ })
  t.match(await failureOf(whoami(target('ops'), { user: 'nobody-here' })), {
    code: 'no-user',
    message: /no user/,
  })
  const su = { becomeMethod: 'su', ...wrong } as const
  t.match(await failureOf(whoami(target('ops', su), 'root')), { code: 'become-password' })
})

t.test("another user's jobs are ended by timeouts and aborts, and lose nothing of their channel", async t => {
  await on(target('ops'), async connection => {
    const [late, aborted] = [unique(), unique()]
    const channel = await connection.channel('root')
    const answers = await channel.run([{ sh: `sleep ${late}`, timeout: 300 }, { sh: 'kill 0' }, { sh: 'echo on' }])
    t.match(answers.map(said), [{ rc: 143 }, { rc: 143 }, { stdout: 'on\n' }])
    t.strictSame(running(late), [])
    const abort = new AbortController()
    const failure = failureOf(channel.run([{ sh: `sleep ${aborted}` }], { signal: abort.signal }))
    t.ok(await until(() => running(`sleep ${aborted}`).length === 1))
    abort.abort()
    t.match(await failure, { kind: 'interrupted' })
    t.strictSame(running(aborted), [])
    t.match(await (await connection.channel('root')).run([{ sh: 'id -u' }]), [{ rc: 0 }])
  })
})

t.test('a host that drops its sessions, and one that goes quiet', async t => {
  await on(target('ops'), async connection => {
    const seconds = unique()
    const failure = failureOf((await connection.channel('root')).run([{ sh: `sleep ${seconds}`, timeout: 2000 }]))
    t.ok(await until(() => running(`sleep ${seconds}`).length === 1))
    await lab.faults.killSshSessions('node1')
    t.match(await failure, { code: 'lost' })
    t.ok(await until(() => running(`sleep ${seconds}`).length === 0), 'what it left behind ends by its own timeout')
  })
  const alive = ['-F', '/dev/null', '-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=2']
  await on(target('ops', { sshArgs: alive }), async connection => {
    const seconds = unique()
    const failure = failureOf((await connection.channel('root')).run([{ sh: `sleep ${seconds}`, timeout: 60_000 }]))
    t.ok(await until(() => running(`sleep ${seconds}`).length === 1))
    await lab.faults.linkDown('node1')
    t.match(await failure, { code: 'lost', message: /quiet/ })
    await lab.faults.linkUp('node1')
  })
})
