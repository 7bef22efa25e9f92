import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Handshakes } from '../../../../engine/transport/ssh/handshakes.js'
import { SshTransport } from '../../../../engine/transport/ssh/transport.js'
import { scanHostKeys } from '../../../../engine/transport/ssh/trust.js'
import type { Hop } from '../../../../engine/transport/ssh-config/hop.js'
import { said } from '../../shell/shells.js'
import { failureOf } from '../wait.js'
import { startSshd } from './sshd.js'

t.setTimeout(240_000)

const sshd = await startSshd(['AcceptEnv *', 'PubkeyAuthentication yes'])
t.teardown(() => sshd.close())
const { dir } = sshd
const { sshArgs } = sshd.target()
const withOptions = (...options: readonly string[]) =>
  sshd.target({ keyFile: join(dir, 'key'), sshArgs: [...sshArgs, ...options.flatMap(one => ['-o', one])] })
const refused = (...options: readonly string[]) => failureOf(new SshTransport().connect(withOptions(...options)))
const asked = async (sh: string, ...options: readonly string[]): Promise<string> => {
  const connection = await new SshTransport().connect(withOptions(...options))
  try {
    return said((await (await connection.channel('login')).run([{ sh }]))[0]).stdout
  } finally {
    await connection.close()
  }
}

t.test('a revoked key is not trusted, and nothing is where the list cannot be read', async t => {
  const revoked = join(dir, 'revoked.keys')
  writeFileSync(revoked, `# gone\n${readFileSync(join(dir, 'host_ed25519.pub'), 'utf8')}`)
  t.match(await refused(`RevokedHostKeys=${revoked}`), {
    code: 'host-key-changed',
    message: new RegExp(`is revoked by ${revoked}:2`),
  })
  writeFileSync(revoked, readFileSync(join(dir, 'other.pub')))
  t.equal(await asked('echo in', `RevokedHostKeys=${revoked}`), 'in\n')
  t.match(await refused('RevokedHostKeys=/nowhere/revoked'), { kind: 'invalid-config', message: /cannot be read/ })
  writeFileSync(revoked, 'SSHKRL\n\0')
  t.match(await refused(`RevokedHostKeys=${revoked}`), { kind: 'invalid-config', message: /KRL/ })
})

t.test('algorithms are those that are told', async t => {
  t.equal(
    await asked('echo in', 'Ciphers=aes256-ctr', 'MACs=hmac-sha2-512', 'KexAlgorithms=ecdh-sha2-nistp384'),
    'in\n',
  )
  t.match(await refused('Ciphers=umac'), { kind: 'invalid-config', message: /Ciphers umac is not supported/ })
  t.match(await refused('Ciphers=aes128-cbc'), {
    message: /no cipher that both sides take; the host offers .*aes256-ctr/,
    remedy: /take Ciphers out/,
  })
  const rsa = join(dir, 'only_rsa_known')
  writeFileSync(rsa, `${sshd.line('127.0.0.1', 'rsa')}\n`)
  const target = { ...withOptions('HostKeyAlgorithms=ssh-ed25519'), knownHosts: [rsa] }
  t.match(await failureOf(new SshTransport().connect(target)), { code: 'host-key-changed', message: /ssh-ed25519/ })
  t.match(await failureOf(new SshTransport().connect({ ...withOptions('RequiredRSASize=8192'), knownHosts: [rsa] })), {
    message: /has 3072 bits, and RequiredRSASize wants 8192/,
  })
})

t.test('ways to log in are those that are told', async t => {
  t.match(await refused('PubkeyAuthentication=no'), {
    code: 'auth',
    message: /publickey, and .*PubkeyAuthentication no/,
  })
  t.match(await refused('PreferredAuthentications=password'), { code: 'auth', message: /PreferredAuthentications/ })
  t.equal(await asked('echo in', 'PreferredAuthentications=password,publickey'), 'in\n')
})

t.test('where it comes from, and by which family', async t => {
  t.equal(await asked('echo "${SSH_CONNECTION%% *}"', 'BindAddress=127.0.0.77'), '127.0.0.77\n')
  const six = { ...withOptions('AddressFamily=inet6'), address: 'localhost' }
  t.match(await failureOf(new SshTransport().connect(six)), { kind: 'unreachable', message: /localhost/ })
})

t.test('SetEnv and SendEnv reach the session', async t => {
  process.env['TKPLAY_TEST_SENT'] = 'two'
  t.teardown(() => delete process.env['TKPLAY_TEST_SENT'])
  t.equal(await asked('echo "$A $TKPLAY_TEST_SENT"', 'SetEnv=A=one', 'SendEnv=TKPLAY_TEST_*'), 'one two\n')
})

t.test('a server that signs by SHA-1 only', async t => {
  const old = await startSshd(['HostKeyAlgorithms ssh-rsa'])
  t.teardown(() => old.close())
  const file = join(old.dir, 'rsa_known')
  writeFileSync(file, `${old.line('127.0.0.1', 'rsa')}\n`)
  const target = old.target({ keyFile: join(old.dir, 'key'), knownHosts: [file] })
  t.match(await failureOf(new SshTransport().connect(target)), {
    message: /no signature of a host key that both sides take; the host offers ssh-rsa/,
    remedy: /ssh-keygen -A.*HostKeyAlgorithms=\+ssh-rsa/,
  })
  t.match(await failureOf(scanHostKeys(target)), { message: /no signature of a host key/ })
  const all = { ...target, sshArgs: [...target.sshArgs, '-o', 'HostKeyAlgorithms=+ssh-rsa'] }
  await (await new SshTransport().connect(all)).close()
  t.equal((await scanHostKeys(all)).length, 1)
})

t.test('a server that exchanges keys in post-quantum ways only', async t => {
  const next = await startSshd(['KexAlgorithms sntrup761x25519-sha512@openssh.com'])
  t.teardown(() => next.close())
  t.match(await failureOf(new SshTransport().connect(next.target({ keyFile: join(next.dir, 'key') }))), {
    message: /no key exchange that both sides take; the host offers sntrup761/,
    remedy: /post-quantum.*curve25519-sha256/,
  })
})

t.test('what a ProxyCommand says when it fails', async t => {
  t.match(await refused('ProxyCommand=sh -c "echo no such bastion >&2; exit 7"'), {
    code: 'lost',
    message: /ProxyCommand to 127.0.0.1:\d+ ended .* with 7/,
    ran: { command: 'sh -c "echo no such bastion >&2; exit 7"', stderr: 'no such bastion\n' },
  })
  t.match(await refused('ProxyCommand=/nowhere/nc %h %p'), { message: /with 127/, ran: { stderr: /not found/ } })
})

t.test('fifty names on one sshd, whose limits are the usual ones', async t => {
  const names = Array.from({ length: 50 }, (_, index) => `h${index}`)
  const busy = await startSshd(['MaxStartups 10:30:100'])
  t.teardown(() => busy.close())
  const transport = new SshTransport()
  const target = busy.target({ keyFile: join(busy.dir, 'key') })
  const connections = await Promise.all(names.map(name => transport.connect({ ...target, name })))
  const answers = await Promise.all(
    connections.map(async one => said((await (await one.channel('login')).run([{ sh: 'echo in' }]))[0]).stdout),
  )
  t.strictSame([...new Set(answers)], ['in\n'])
  await Promise.all(connections.map(one => one.close()))
})

t.test('one that takes fewer still drops some, which come again', async t => {
  const narrow = await startSshd(['MaxStartups 3', 'LogLevel VERBOSE'])
  t.teardown(() => narrow.close())
  const transport = new SshTransport()
  const target = narrow.target({ keyFile: join(narrow.dir, 'key') })
  const connections = await Promise.all(Array.from({ length: 12 }, () => transport.connect(target)))
  t.equal(connections.length, 12)
  await Promise.all(connections.map(one => one.close()))
})

t.test('hosts at one address that never answer do not hold up one another for all of their timeouts', async t => {
  const handshakes = new Handshakes()
  const silent = { host: '10.0.0.1', port: 22, via: undefined } as Hop
  const places = await Promise.all(Array.from({ length: 20 }, () => handshakes.enter(silent, undefined)))
  t.equal(places.length, 20, 'all had their turn, though none has left')
  for (const place of places) place.leave()
})

t.test('who waits for a turn can be interrupted', async t => {
  const handshakes = new Handshakes()
  const hop = { host: '10.0.0.2', port: 22, via: undefined } as Hop
  const places = await Promise.all(Array.from({ length: 6 }, () => handshakes.enter(hop, undefined)))
  const abort = new AbortController()
  const waiting = failureOf(handshakes.enter(hop, abort.signal))
  abort.abort()
  t.match(await waiting, { kind: 'interrupted' })
  for (const place of places) place.leave()
  ;(await handshakes.enter(hop, undefined)).leave()
})
