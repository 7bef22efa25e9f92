import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import tap from 'tap'
import type { Target } from '../../../../engine/core/connection.js'
import { Secret } from '../../../../engine/core/value.js'
import { SshFiles } from '../../../../engine/transport/ssh-config/files.js'
import { route } from '../../../../engine/transport/ssh-config/route.js'

const target: Target = { name: 'n', kind: 'ssh', address: 'web', knownHosts: [], sshArgs: [], connectTimeout: 10_000 }
const home = (t: Pick<typeof tap, 'testdir'>, config: string, more = {}): string =>
  t.testdir({ '.ssh': { config, ...more } })

tap.test('variables win over words, words over the configuration', async t => {
  const files = new SshFiles(home(t, 'Host web\n HostName 10.0.0.7\n Port 1\n User conf\n HostKeyAlias alias'))
  t.match(route(target, files), { host: '10.0.0.7', port: 1, user: 'conf', alias: 'alias' })
  t.match(route({ ...target, sshArgs: ['-p', '2', '-l', 'word'] }, files), { port: 2, user: 'word' })
  t.match(route({ ...target, sshArgs: ['-p', '2'], port: 3, user: 'own' }, files), { port: 3, user: 'own' })
  const bare = route({ ...target, address: 'other' }, files)
  t.match(bare, { host: 'other', port: 22, user: userInfo().username, alias: 'other', connectTimeout: 10_000 })
})

tap.test('times are no longer than a timer holds', async t => {
  const files = new SshFiles(home(t, 'Host web\n ConnectTimeout 2147484\n ServerAliveInterval 2147484'))
  const most = { connectTimeout: 2 ** 31 - 1, keepalive: { interval: 2 ** 31 - 1 } }
  t.match(route(target, files), most)
  t.match(route({ ...target, address: 'other', connectTimeout: 1e14 }, files), { connectTimeout: 2 ** 31 - 1 })
})

tap.test('keys: those that were asked for, else the usual ones', async t => {
  const files = new SshFiles(home(t, 'Host web\n IdentityFile ~/.ssh/%r@%h\n IdentitiesOnly yes\n User u'))
  t.strictSame(route({ ...target, keyFile: '~/own' }, files).identities, [
    { file: join(files.home, 'own'), asked: true },
    { file: join(files.home, '.ssh/u@web'), asked: true },
  ])
  t.equal(route(target, files).identitiesOnly, true)
  const usual = route({ ...target, address: 'other' }, files).identities
  t.ok(usual.some(one => one.file === join(files.home, '.ssh/id_ed25519') && !one.asked))
})

tap.test("known hosts: ssh's own files and the inventory's", async t => {
  const files = new SshFiles(home(t, 'Host web\n UserKnownHostsFile ~/a /b\n GlobalKnownHostsFile none'))
  const { knownHosts } = route({ ...target, knownHosts: ['/lab'] }, files)
  t.strictSame(knownHosts, [join(files.home, 'a'), '/b', '/lab'])
  t.ok(route({ ...target, address: 'x' }, files).knownHosts.includes(join(files.home, '.ssh/known_hosts')))
})

tap.test('jumps: each with its own settings, and none of the secrets of the target', async t => {
  const files = new SshFiles(
    home(
      t,
      'Host web\n ProxyJump me@inner:2201\nHost inner\n ProxyJump outer\n HostName 10.1.1.1\nHost outer\n User edge',
    ),
  )
  const hop = route({ ...target, user: 'x', password: new Secret('p'), port: 9 }, files)
  t.match(hop.via, { host: '10.1.1.1', port: 2201, user: 'me', password: undefined })
  t.match(hop.via?.via, { host: 'outer', port: 22, user: 'edge', via: undefined })

  const chain = route({ ...target, sshArgs: ['-J', 'a,ssh://b@[fe80::1]:7'] }, files)
  t.match(chain.via, { host: 'fe80::1', port: 7, user: 'b', via: { host: 'a', via: undefined } })
  t.equal(route({ ...target, sshArgs: ['-o', 'ProxyJump=none'] }, files).via, undefined)
  t.equal(route({ ...target, sshArgs: ['-o', 'ProxyCommand=nc %h %p'], address: 'x' }, files).proxyCommand, 'nc x 22')
})

tap.test('what makes no sense is said', async t => {
  const files = new SshFiles(home(t, 'Host a\n ProxyJump b\nHost b\n ProxyJump a\nHost p\n Port many'))
  t.throws(() => route({ ...target, address: 'a' }, files), /circles/)
  t.throws(() => route({ ...target, address: 'p' }, files), /Port 'many'/)
  t.throws(() => route({ ...target, sshArgs: ['-J', 'a b c:'] }, files), /ProxyJump/)
})

tap.test('included files are found by pattern', async t => {
  const dir = home(t, 'Include conf.d/*.conf\n', {
    'conf.d': { 'a.conf': 'Host web\n Port 41', 'b.txt': 'Host web\n User no' },
  })
  const hop = route(target, new SshFiles(dir))
  t.match(hop, { port: 41, user: userInfo().username })
  t.match(new SshFiles().home, homedir())
})
