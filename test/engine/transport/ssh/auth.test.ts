import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ssh2, { type AuthContext, type ServerChannel } from 'ssh2'
import t from 'tap'
import { Secret } from '../../../../engine/core/value.js'
import { SshTransport } from '../../../../engine/transport/ssh/transport.js'
import { said } from '../../shell/shells.js'
import { failureOf } from '../wait.js'
import { startSshd } from './sshd.js'

t.setTimeout(300_000)

// Its keys and targets; the logins here are taken by servers that do what an sshd does only with PAM.
const sshd = await startSshd()
t.teardown(() => sshd.close())

interface Behaviour {
  readonly auth: (context: AuthContext) => void
  readonly exec?: (stream: ServerChannel, command: string) => void
}

const shell = (stream: ServerChannel, command: string): void => {
  const child = spawn('/bin/sh', ['-c', command], { detached: true })
  stream.pipe(child.stdin)
  child.stdout.pipe(stream, { end: false })
  child.stderr.pipe(stream.stderr, { end: false })
  child.on('exit', code => {
    stream.exit(code ?? 1)
    stream.end()
  })
}

const serve = async (t: Pick<typeof import('tap').t, 'teardown'>, { auth, exec = shell }: Behaviour) => {
  const hostKeys = [readFileSync(join(sshd.dir, 'host_ed25519'))]
  const server = new ssh2.Server({ hostKeys }, client => {
    client.on('authentication', auth)
    client.on('error', () => {})
    client.on('session', accept => {
      accept().on('exec', (acceptExec, rejectExec, { command }) => {
        if (command === 'reject') rejectExec()
        else exec(acceptExec(), command)
      })
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as { readonly port: number }
  const file = join(sshd.dir, `known_${port}`)
  writeFileSync(file, sshd.line('127.0.0.1', 'ed25519').replace(/:\d+ /, `:${port} `))
  return sshd.target({ port, user: 'ops', knownHosts: [file] })
}

t.test('a password, and never twice', async t => {
  let tries = 0
  const target = await serve(t, {
    auth: context => {
      if (context.method === 'password') tries += 1
      if (context.method === 'password' && context.password === 'right') context.accept()
      else context.reject(['password'])
    },
  })
  const transport = new SshTransport()
  const connection = await transport.connect({ ...target, password: new Secret('right') })
  t.match((await (await connection.channel('login')).run([{ sh: 'echo in' }])).map(said), [{ stdout: 'in\n' }])
  await connection.close()
  tries = 0
  const failure = await failureOf(transport.connect({ ...target, password: new Secret('wrong-secret') }))
  t.match(failure, {
    code: 'auth',
    message: /refused the password of ops; tried password; it takes password/,
    remedy: /^give the password that ops has on .*: by --ask-pass \(-k\), or in ansible_password$/,
  })
  t.notMatch(JSON.stringify(failure), /wrong-secret/)
  t.equal(tries, 1)
})

t.test('a password asked for by keyboard-interactive answers one hidden question', async t => {
  const heard: (readonly string[])[] = []
  const target = await serve(t, {
    auth: context => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive'])
      context.prompt([{ prompt: 'Password: ', echo: false }], answers => {
        heard.push(answers)
        if (answers[0] === 'right') context.accept()
        else context.reject(['keyboard-interactive'])
      })
    },
  })
  const transport = new SshTransport()
  await (await transport.connect({ ...target, password: new Secret('right') })).close()
  t.match(await failureOf(transport.connect({ ...target, password: new Secret('wrong') })), {
    code: 'auth',
    message: /refused the password of/,
  })
  t.strictSame(heard, [['right'], ['wrong']])
})

t.test('a key and then a password, where both are wanted', async t => {
  let keyed = false
  const target = await serve(t, {
    auth: context => {
      if (context.method === 'publickey') {
        keyed ||= context.signature !== undefined
        if (context.signature === undefined) return context.accept()
        return context.reject(['password'], true)
      }
      if (context.method === 'password' && keyed && context.password === 'right') return context.accept()
      return context.reject(['publickey'])
    },
  })
  const connection = await new SshTransport().connect({
    ...target,
    keyFile: join(sshd.dir, 'key'),
    password: new Secret('right'),
  })
  await connection.close()
  t.ok(keyed)
})

t.test('no shell behind the login', async t => {
  const auth = (context: AuthContext): void => context.accept()
  const nologin = await serve(t, {
    auth,
    exec: stream => {
      stream.write('This account is currently not available.\n')
      stream.exit(1)
      stream.end()
    },
  })
  const connection = await new SshTransport().connect({ ...nologin, password: new Secret('x') })
  const channel = await connection.channel('login')
  t.match(await failureOf(channel.run([{ sh: ':' }])), {
    code: 'no-shell',
    message: /ops@127\.0\.0\.1:\d+ gives no shell: This account/,
    remedy: /login shell/,
  })
  await connection.close()
})
