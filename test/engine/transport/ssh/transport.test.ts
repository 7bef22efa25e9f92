import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { Connection, Target } from '../../../../engine/core/connection.js'
import { Secret } from '../../../../engine/core/value.js'
import { SshTransport } from '../../../../engine/transport/ssh/transport.js'
import { pin, scanHostKeys } from '../../../../engine/transport/ssh/trust.js'
import { said } from '../../shell/shells.js'
import { failureOf, running, timers, unique, until } from '../wait.js'
import { freePort, startSshd } from './sshd.js'

t.setTimeout(240_000)

const sshd = await startSshd()
const { dir, port } = sshd
const transport = new SshTransport()
const key = join(dir, 'key')
t.teardown(async () => {
  await transport.close()
  await sshd.close()
})

const on = async <T>(target: Target, use: (connection: Connection) => Promise<T>, over = transport): Promise<T> => {
  const connection = await over.connect(target)
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}
const shellOf = async (target: Target, sh: string): Promise<string> =>
  on(target, async connection => said((await (await connection.channel('login')).run([{ sh }]))[0]).stdout)
const refusal = (more: Partial<Target>) => failureOf(transport.connect(sshd.target({ keyFile: key, ...more })))
const { sshArgs } = sshd.target()

t.test('a login that was closed keeps nobody waiting', async t => {
  const before = timers()
  t.equal(await shellOf(sshd.target({ keyFile: key }), 'echo here'), 'here\n')
  // Others may end meanwhile; ours would be one more.
  t.ok(timers() <= before, `${timers()} timers, and ${before} before`)
})

t.test('fifty reads are one round trip, on a shell that is not the login shell', async t => {
  await on(sshd.target({ keyFile: key }), async connection => {
    t.equal(connection.target, `${sshd.target().user}@127.0.0.1:${port}`)
    const channel = await connection.channel('login')
    const answers = await channel.run(Array.from({ length: 50 }, (_, index) => ({ sh: `echo ${index}; echo $0 >&2` })))
    t.strictSame(
      answers.map(answer => said(answer).stdout),
      Array.from({ length: 50 }, (_, index) => `${index}\n`),
    )
    t.equal(said(answers[0]).stderr, '/bin/sh\n')
    t.equal(connection.roundTrips, 1)
    t.equal(await connection.channel('login'), channel, 'opened once')
    connection.reopen()
    t.not(await connection.channel('login'), channel)
  })
})

t.test("a secret on standard input is in nobody's arguments", async t => {
  const secret = `hunter2-${unique()}`
  const seconds = unique()
  await on(sshd.target({ keyFile: key }), async connection => {
    const channel = await connection.channel('login')
    const answer = channel.run([
      { sh: `read word; sleep ${seconds} & wait $!; echo "$word"`, stdin: Buffer.from(`${secret}\n`), timeout: 60_000 },
    ])
    t.ok(await until(() => running(seconds).length === 1))
    t.strictSame(running(secret), [])
    const other = await transport.connect(sshd.target({ keyFile: key }))
    await (await other.channel('login')).run([{ sh: `kill $(grep -lz ${seconds} /proc/[0-9]*/cmdline | cut -d/ -f3)` }])
    await other.close()
    t.equal(said((await answer)[0]).stdout, `${secret}\n`)
  })
})

t.test('a job past its timeout is ended on the host, and an abort too', async t => {
  await on(sshd.target({ keyFile: key }), async connection => {
    const [late, aborted] = [unique(), unique()]
    const channel = await connection.channel('login')
    t.match(await channel.run([{ sh: `sleep ${late}`, timeout: 300 }, { sh: 'echo on' }]), [
      { timedOut: true },
      { rc: 0 },
    ])
    t.strictSame(running(late), [])
    const abort = new AbortController()
    const failure = failureOf(channel.run([{ sh: `sleep ${aborted}` }], abort))
    t.ok(await until(() => running(`sleep ${aborted}`).length === 1))
    abort.abort()
    t.match(await failure, { kind: 'interrupted' })
    t.strictSame(running(aborted), [])
    t.match(await (await connection.channel('login')).run([{ sh: 'echo again' }]), [{ rc: 0 }], 'a new channel')
  })
})

t.test('a lost connection', async t => {
  await on(sshd.target({ keyFile: key }), async connection => {
    const channel = await connection.channel('login')
    const failure = await failureOf(channel.run([{ sh: 'kill -KILL $PPID; sleep 2' }, { sh: ':' }]))
    t.match(failure, {
      kind: 'unreachable',
      code: 'lost',
      message: /lost the connection to .*127\.0\.0\.1/,
      remedy: /./,
    })
    t.match(await failureOf(connection.channel('root')), { code: 'lost' })
  })
  t.equal(await shellOf(sshd.target({ keyFile: key }), 'echo back'), 'back\n', 'it can be reached again')
})

t.test('a host that has gone quiet is noticed', async t => {
  const words = [...sshArgs, '-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=1']
  await on(sshd.target({ keyFile: key, sshArgs: words }), async connection => {
    const channel = await connection.channel('login')
    const [answer] = await channel.run([{ sh: 'echo $PPID' }])
    const session = Number(said(answer).stdout)
    const failure = failureOf(channel.run([{ sh: `kill -STOP ${session}` }]))
    t.match(await failure, { code: 'lost', message: /quiet/ })
    process.kill(session, 'SIGKILL')
  })
})

t.test('a connection that is closed leaves no job with a timeout behind', async t => {
  const seconds = unique()
  const connection = await transport.connect(sshd.target({ keyFile: key }))
  const failure = failureOf((await connection.channel('login')).run([{ sh: `sleep ${seconds}`, timeout: 1000 }]))
  t.ok(await until(() => running(seconds).length > 0))
  await connection.close()
  t.match(await failure, { code: 'lost' })
  t.ok(await until(() => running(`sleep ${seconds}`).length === 0))
})

t.test('host keys: unknown and changed are told apart, and never accepted', async t => {
  t.match(await refusal({ knownHosts: [] }), {
    code: 'host-key-unknown',
    message: /\[127\.0\.0\.1\]:\d+ is not known: ssh-\S+ SHA256:/,
    remedy: /tkplay trust web/,
  })
  const file = join(dir, 'changed')
  const revoked = join(dir, 'revoked')
  const other = readFileSync(join(dir, 'other.pub'), 'utf8')
  writeFileSync(file, `# first\n[127.0.0.1]:${port} ${other}`)
  const changed = await refusal({ knownHosts: [file] })
  t.match(changed, { code: 'host-key-changed', message: `${file}:2`, remedy: /delete line 2 of .*tkplay trust web/ })
  t.equal(changed.message?.match(/SHA256:/g)?.length, 2, 'both fingerprints')
  writeFileSync(
    revoked,
    `@revoked * ${sshd.line('x', 'ed25519').split(' ').slice(1).join(' ')}\n${sshd.line('127.0.0.1', 'ed25519')}\n`,
  )
  t.match(await refusal({ knownHosts: [revoked] }), { code: 'host-key-changed', message: /revoked/ })
})

t.test('the server is asked for the key that is known', async t => {
  for (const type of ['rsa', 'ed25519'] as const) {
    const file = join(dir, `only_${type}`)
    writeFileSync(file, `${sshd.line('127.0.0.1', type)}\n`)
    t.equal(await shellOf(sshd.target({ keyFile: key, knownHosts: [file] }), 'echo ok'), 'ok\n', type)
  }
})

t.test('trust: the keys are shown without a login, and pinned once', async t => {
  const keys = await scanHostKeys(sshd.target({ user: 'nobody', knownHosts: [] }))
  t.strictSame(keys.map(one => one.type).sort(), ['ssh-ed25519', 'ssh-rsa'])
  const listed = execFileSync('ssh-keygen', ['-lf', join(dir, 'host_ed25519.pub')]).toString()
  t.match(listed, keys.find(one => one.type === 'ssh-ed25519')?.fingerprint)
  const file = join(t.testdir(), 'new/known_hosts')
  const lines = keys.map(one => one.line)
  await pin(file, lines)
  await pin(file, lines)
  t.equal(readFileSync(file, 'utf8'), `${lines.join('\n')}\n`)
  const fresh = new SshTransport()
  t.equal(
    await on(sshd.target({ keyFile: key, knownHosts: [file] }), async one => one.target, fresh),
    `${sshd.target().user}@127.0.0.1:${port}`,
  )
  t.match(await failureOf(scanHostKeys(sshd.target({ port: await freePort() }))), { code: 'refused' })
})

t.test('keys: wrong, locked, missing, and from an agent', async t => {
  t.match(await refusal({ keyFile: join(dir, 'other') }), {
    code: 'auth',
    message: /tried .*other; it takes publickey/,
    remedy: /--private-key/,
  })
  t.match(await refusal({ keyFile: join(dir, 'locked') }), {
    code: 'auth',
    message: /locked \(needs a passphrase\)/,
    remedy: /ssh-add/,
  })
  t.match(await refusal({ keyFile: join(dir, 'locked'), keyPassphrase: new Secret('no') }), {
    code: 'auth',
    message: /wrong passphrase/,
  })
  t.match(await refusal({ keyFile: join(dir, 'nowhere') }), {
    code: 'auth',
    message: /nowhere \(no such file\)/,
    remedy: /correct the path/,
  })
  const locked = sshd.target({ keyFile: join(dir, 'locked'), keyPassphrase: new Secret('open sesame') })
  t.equal(await shellOf(locked, 'echo in'), 'in\n')

  const socket = join(dir, 'agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  t.teardown(() => agent.kill())
  const add = (name: string): boolean => {
    try {
      return (
        execFileSync('ssh-add', ['-q', join(dir, name)], {
          env: { ...process.env, SSH_AUTH_SOCK: socket },
          stdio: 'pipe',
        }) !== undefined
      )
    } catch {
      return false
    }
  }
  t.ok(await until(() => add('other')))
  const words = ['-F', '/dev/null', '-o', `IdentityAgent=${socket}`]
  t.match(await refusal({ keyFile: join(dir, 'nowhere'), sshArgs: words }), { code: 'auth', message: /agent/ })
  t.ok(add('key'))
  t.equal(await shellOf(sshd.target({ sshArgs: words }), 'echo by agent'), 'by agent\n')
  const only = [...words, '-o', 'IdentitiesOnly=yes']
  t.match(await refusal({ keyFile: join(dir, 'other'), sshArgs: only }), { code: 'auth' }, 'no other key of the agent')
  t.equal(await shellOf(sshd.target({ keyFile: join(dir, 'key.pub'), sshArgs: only }), 'echo by agent'), 'by agent\n')
  t.match(
    await refusal({ keyFile: join(dir, 'other'), sshArgs: ['-F', '/dev/null', '-o', 'IdentityAgent=/nowhere'] }),
    { code: 'auth' },
  )
})

t.test('hosts on the way: ProxyJump, from the configuration and from words, and ProxyCommand', async t => {
  const user = sshd.target().user
  const config = join(dir, 'ssh_config')
  const common = ` Port ${port}\n User ${user}\n IdentityFile ${key}\n IdentityAgent none\n UserKnownHostsFile ${dir}/known_hosts\n`
  writeFileSync(
    config,
    `Host inner\n HostName 127.0.0.1\n ProxyJump edge\n${common}Host edge\n HostName 127.0.0.2\n${common}`,
  )
  const { port: _, user: __, ...bare } = sshd.target({ address: 'inner', sshArgs: ['-F', config] })
  t.equal(await shellOf(bare, 'echo "${SSH_CONNECTION%% *}"'), '127.0.0.1\n')
  const words = ['-F', config, '-o', 'ProxyJump=none']
  t.equal(await shellOf({ ...bare, sshArgs: words }, 'echo direct'), 'direct\n')
  const chain = ['-F', config, '-J', 'edge,edge']
  t.equal(await shellOf({ ...bare, sshArgs: chain }, 'echo chained'), 'chained\n')
  const command = `ProxyCommand=ssh -F ${config} -o BatchMode=yes -W %h:%p edge`
  t.equal(
    await shellOf({ ...bare, sshArgs: ['-F', config, '-o', command, '-o', 'ProxyJump=none'] }, 'echo direct'),
    'direct\n',
  )
  const keys = await scanHostKeys({ ...bare, knownHosts: [] })
  t.equal(keys.length, 2, 'keys are scanned through it')

  const closed = await freePort()
  const behind = await failureOf(transport.connect({ ...bare, port: closed }))
  t.match(behind, { code: 'refused', message: `127.0.0.1:${closed}` }, 'refused behind the jump')
  const stranger = join(dir, 'strange_config')
  writeFileSync(stranger, `Host inner\n ProxyJump 127.0.0.2:${closed}\nHost *\n${common}`)
  t.match(await failureOf(transport.connect({ ...bare, sshArgs: ['-F', stranger] })), {
    code: 'refused',
    message: '127.0.0.2',
  })
})

t.test('what cannot be reached says why', async t => {
  t.match(await refusal({ port: await freePort() }), { code: 'refused', remedy: /sshd runs/ })
  t.match(await refusal({ address: 'no-such-host.invalid' }), { code: 'unknown-name', remedy: /ansible_host/ })
  const silent = createServer(() => {})
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const mute = typeof address === 'object' && address !== null ? address.port : 0
  t.match(await refusal({ port: mute, connectTimeout: 300 }), { code: 'timeout', message: /took the connection/ })
  const abort = new AbortController()
  const pending = failureOf(transport.connect(sshd.target({ keyFile: key, port: mute }), { signal: abort.signal }))
  abort.abort()
  t.match(await pending, { kind: 'interrupted' })
  silent.close()
})
