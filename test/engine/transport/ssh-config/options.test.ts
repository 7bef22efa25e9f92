import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tap from 'tap'
import type { Target } from '../../../../engine/core/connection.js'
import { algorithms, chosen } from '../../../../engine/transport/ssh-config/algorithms.js'
import { SshFiles } from '../../../../engine/transport/ssh-config/files.js'
import { harmless, honoured, limited, objection } from '../../../../engine/transport/ssh-config/options.js'
import { route } from '../../../../engine/transport/ssh-config/route.js'

const target: Target = { name: 'n', kind: 'ssh', address: 'web', knownHosts: [], sshArgs: [], connectTimeout: 10_000 }
const printed = (...words: readonly string[]): readonly (readonly [string, string])[] =>
  execFileSync('ssh', ['-G', ...words, 'web'], { stdio: ['ignore', 'pipe', 'pipe'] })
    .toString()
    .trim()
    .split('\n')
    .map(line => [line.slice(0, line.indexOf(' ')).toLowerCase(), line.slice(line.indexOf(' ') + 1)])

const refusal = (t: Pick<typeof tap, 'testdir'>, config: string): unknown => {
  try {
    return route(target, new SshFiles(t.testdir({ '.ssh': { config } })))
  } catch (error) {
    return error
  }
}

tap.test('every option that ssh prints is honoured, harmless, or refused by name', async t => {
  const known = new Set([...honoured, ...harmless, ...Object.keys(limited)])
  const names = new Set(printed('-F', '/dev/null').map(([name]) => name))
  t.ok(names.size > 60, `ssh prints ${names.size}`)
  t.strictSame(
    [...names].filter(name => !known.has(name)),
    [],
  )
  for (const [name, value] of printed('-F', '/dev/null'))
    if (name !== 'pubkeyacceptedalgorithms')
      t.equal(objection(name, value.split(' ')), undefined, `the default of ${name}`)
})

tap.test('what is honoured is what ssh makes of the same file', async t => {
  // ssh cuts off a longer path of -F.
  const dir = mkdtempSync(join(tmpdir(), 'tkplay-ssh-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const config = join(dir, 'config')
  writeFileSync(
    config,
    `Match exec "true" user ops
  Port 2201
Match exec "false"
  Port 1
Match host web.example.org final
  ServerAliveInterval 7
Host w*
  HostName %h.example.org
  User "ops"
  BindAddress 127.0.0.9
  AddressFamily inet
  ConnectTimeout 3
  ServerAliveCountMax 5
  ConnectionAttempts 4
  RequiredRSASize 3000
  PreferredAuthentications password,publickey
  PubkeyAuthentication no
  KexAlgorithms curve25519-sha256,ecdh-sha2-nistp256
  Ciphers aes256-ctr,aes128-ctr
  MACs hmac-sha2-512
  HostKeyAlgorithms rsa-sha2-512,ssh-ed25519
  HostKeyAlias "the alias"
  UserKnownHostsFile "/a b" /c
  RevokedHostKeys /revoked
  IdentityFile "/keys/one two"
  SetEnv A=1 "B=2 3"
  ProxyCommand nc "%h" %p
`,
  )
  const said = (name: string): string =>
    printed('-F', config)
      .filter(([one]) => one === name)
      .map(([, value]) => value)
      .join('|')
  const hop = route({ ...target, sshArgs: ['-F', config], user: 'ops' }, new SshFiles(t.testdir()))
  const asOps = printed('-F', config, '-l', 'ops')
  t.equal(asOps.find(([name]) => name === 'port')?.[1], String(hop.port))
  t.strictSame(
    {
      hostname: hop.host,
      user: hop.user,
      bindaddress: hop.bindAddress,
      addressfamily: hop.family === 4 ? 'inet' : hop.family,
      connecttimeout: String(hop.connectTimeout / 1000),
      serveraliveinterval: String(hop.keepalive.interval / 1000),
      serveralivecountmax: String(hop.keepalive.count),
      connectionattempts: String(hop.attempts),
      requiredrsasize: String(hop.shortestRsa),
      preferredauthentications: hop.methods.order?.join(','),
      pubkeyauthentication: hop.methods.off.includes('publickey') ? 'false' : 'true',
      kexalgorithms: hop.algorithms.kexalgorithms?.join(','),
      ciphers: hop.algorithms.ciphers?.join(','),
      macs: hop.algorithms.macs?.join(','),
      hostkeyalgorithms: hop.algorithms.hostkeyalgorithms?.join(','),
      hostkeyalias: hop.alias,
      userknownhostsfile: hop.knownHosts.slice(0, 2).join(' '),
      revokedhostkeys: hop.revokedKeys,
      identityfile: hop.identities.map(({ file }) => file).join('|'),
      setenv: Object.entries(hop.env)
        .map(([name, value]) => `${name}=${value}`)
        .sort()
        .join('|'),
      proxycommand: hop.proxy,
    },
    Object.fromEntries(
      (
        'hostname user bindaddress addressfamily connecttimeout serveraliveinterval serveralivecountmax connectionattempts ' +
        'requiredrsasize preferredauthentications pubkeyauthentication kexalgorithms ciphers macs hostkeyalgorithms hostkeyalias ' +
        'userknownhostsfile revokedhostkeys identityfile setenv proxycommand'
      )
        .split(' ')
        .map(name => [name, said(name)]),
    ),
  )
  t.equal(hop.proxyCommand, 'nc "web.example.org" 2201')
})

tap.test('lists of algorithms: added to, taken from, put first, as ssh does', async t => {
  const supported = createRequire(import.meta.url)('ssh2/lib/protocol/constants.js')
  const lists = {
    kexalgorithms: supported.SUPPORTED_KEX,
    hostkeyalgorithms: supported.SUPPORTED_SERVER_HOST_KEY,
    ciphers: supported.SUPPORTED_CIPHER,
    macs: supported.SUPPORTED_MAC,
  }
  for (const [kind, list] of Object.entries(lists)) {
    const { usual, weak } = algorithms[kind as keyof typeof algorithms]
    t.strictSame(
      [...usual, ...weak].filter(one => !list.includes(one)),
      [],
      kind,
    )
  }
  const both = (option: string, value: string) => {
    const kind = option.toLowerCase() as keyof typeof algorithms
    const all = [...algorithms[kind].usual, ...algorithms[kind].weak]
    const ours = chosen(kind, value)
    const theirs = printed('-F', '/dev/null', '-o', `${option}=${value}`)
      .find(([name]) => name === kind)?.[1]
      .split(',')
    // Those that both know, in any order: the order of the rest is each one's own.
    const shared = (list: readonly string[]) => list.filter(one => all.includes(one)).sort()
    return { ours, theirs: shared(theirs ?? []) }
  }
  for (const value of ['+aes256-cbc', '-aes*-ctr', 'aes256-ctr,aes128-cbc']) {
    const { ours, theirs } = both('Ciphers', value)
    t.strictSame([...ours].sort(), theirs, value)
  }
  t.equal(both('Ciphers', '^aes256-ctr').ours[0], 'aes256-ctr')
  t.ok(both('HostKeyAlgorithms', '+ssh-rsa').ours.includes('ssh-rsa'))
  t.notOk(algorithms.hostkeyalgorithms.usual.includes('ssh-rsa'))
  t.throws(() => chosen('macs', 'umac-64@openssh.com'), { message: /MACs umac.* is not supported/ })
})

tap.test('what is not supported is said with its place and a way out', async t => {
  const lines = [
    'CanonicalizeHostname yes',
    'CertificateFile /x',
    'CheckHostIP yes',
    'KnownHostsCommand /bin/true',
    'PKCS11Provider /x.so',
    'ProxyUseFdpass yes',
    'RekeyLimit 1G',
    'RemoteCommand top',
    'BindInterface eth0',
    'SessionType none',
    'PubkeyAcceptedAlgorithms ssh-ed25519',
  ]
  for (const line of lines)
    t.match(
      refusal(t, `Host other\n ${line}\nHost web\n  ${line}\n`),
      { failure: { message: /is not supported$/, source: { line: 4, col: 3 }, hint: /./ } },
      line,
    )
  t.match(refusal(t, 'Ciphres x'), { failure: { message: /no option/, hint: /did you mean 'ciphers'/ } })
  t.match(refusal(t, 'Ciphres x\nIgnoreUnknown Cip*'), { host: 'web' })
  t.match(refusal(t, 'RefuseConnection "it is gone"'), { failure: { message: /it is gone/ } })
  t.match(refusal(t, 'Match tagged x\n Port 7'), { failure: { message: /Match tagged is not supported/ } })
  t.match(refusal(t, 'ProxyCommand nc %h %u'), { failure: { message: /'%u' is no token/ } })
  t.match(refusal(t, 'IdentityFile ${NO_SUCH_VARIABLE}/x'), { failure: { message: /is not set/ } })
  t.match(refusal(t, 'ForwardX11 yes\nControlMaster auto\nControlPath /x\nSendEnv LANG LC_*'), { env: {} })
})

tap.test('names that a shell reads otherwise are refused before anything is put in', async t => {
  const marker = join(t.testdir(), 'ran')
  const config = `Match exec "echo %r %h"\n Port 7\nHost *\n ProxyCommand touch ${marker} %h %r\n`
  const files = new SshFiles(t.testdir({ '.ssh': { config } }))
  const [bad, worse] = ['$(touch x)', 'a`touch x`']
  t.throws(() => route({ ...target, address: bad }, files), { message: /no host name/ })
  t.throws(() => route({ ...target, user: worse }, files), { message: /no user name/ })
  t.throws(() => route({ ...target, sshArgs: ['-J', 'a;b'] }, files), { message: /no host name/ })
  t.throws(() => route({ ...target, sshArgs: ['-J', '$(x)@b'] }, files), { message: /no user name/ })
  t.throws(() => route({ ...target, sshArgs: ['-o', 'HostName=$(x)'] }, files), { message: /no host name/ })
  t.throws(() => route({ ...target, sshArgs: ['-l', 'a|b'] }, files), { message: /no user name/ })
})
