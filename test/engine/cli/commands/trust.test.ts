import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { kept } from '../../../support/tkplay.js'
import { freePort, startSshd } from '../../transport/ssh/sshd.js'

t.setTimeout(300_000)

const tkplay = kept(t)

t.test('first contact: a table, pinned, strict afterwards; a changed key is refused and never replaced', async t => {
  const sshd = await startSshd()
  t.teardown(() => sshd.close())
  const hostsFile = (port: number): string =>
    [
      'all:',
      '  vars:',
      `    ansible_ssh_private_key_file: ${sshd.dir}/key`,
      '    ansible_ssh_common_args: -F /dev/null -o IdentityAgent=none -o UserKnownHostsFile=none -o GlobalKnownHostsFile=none',
      `  hosts: {web1: {ansible_host: 127.0.0.1, ansible_port: ${port}}}`,
    ].join('\n')
  const cwd = t.testdir({
    'hosts.yml': hostsFile(sshd.port),
    'tkplay.yml': 'known_hosts: [pinned]\ninventory: [hosts.yml]\n',
  })
  const pinned = join(cwd, 'pinned')
  const uptime = () => tkplay(['adhoc', 'all', '-a', 'echo in'], { cwd })
  const trust = (...args: readonly string[]) => tkplay(['trust', 'all', ...args], { cwd })

  const strict = await uptime()
  t.equal(strict.code, 3)
  t.match(strict.stdout, /→ .*tkplay trust web1/)

  const asked = await trust()
  t.equal(asked.code, 2, 'nobody is there to say yes')
  t.match(asked.stderr, /→ compare the fingerprints, then: tkplay trust all --yes$/m)
  const given = await trust('-i', 'hosts.yml', '-l', 'web1')
  const typed = /then: tkplay (?<words>trust .*)$/m.exec(given.stderr)?.groups?.['words']
  t.equal(typed, 'trust all -i hosts.yml -l web1 --yes')
  const unknown = await tkplay(['adhoc', 'all', '-i', 'hosts.yml', '-a', 'echo in'], { cwd })
  t.match(unknown.stdout, /→ .*tkplay trust web1 -i hosts\.yml$/m)
  t.match(asked.stdout, /^web1 {2}ssh-ed25519 .* SHA256:\S+ {2}new$/m)
  t.match(asked.stdout, /^web1 {2}ssh-rsa .* SHA256:\S+ {2}new$/m)

  const yes = await tkplay(typed?.split(' ') ?? [], { cwd })
  t.equal(yes.code, 0, yes.stderr)
  t.match(yes.stdout, `2 keys are pinned in ${pinned}.`)
  t.ok(readFileSync(pinned, 'utf8').includes(sshd.line('127.0.0.1', 'ed25519')))
  t.match(await uptime(), { code: 0, stdout: /^web1 \| CHANGED \| rc=0\nin$/m })
  t.match(await trust(), { code: 0, stdout: /known\n.*known\nAll of them are pinned already/ })

  const other = await startSshd()
  t.teardown(() => other.close())
  const moved = sshd.line('127.0.0.1', 'ed25519').replace(`:${sshd.port} `, `:${other.port} `)
  writeFileSync(pinned, `# pins\n${moved}\n`)
  writeFileSync(join(cwd, 'hosts.yml'), hostsFile(other.port))
  const refused = await uptime()
  t.equal(refused.code, 3)
  t.match(refused.stdout, `${pinned}:2`)
  const changed = await trust('--yes')
  t.equal(changed.code, 1)
  t.match(
    changed.stdout,
    /SHA256:\S+ {2}changed\n {2}another key is pinned: SHA256:\S+ \(\S+pinned:2\)\n {2}→ only if .* line 2 of /,
  )
  t.equal(readFileSync(pinned, 'utf8'), `# pins\n${moved}\n`)

  writeFileSync(join(cwd, 'hosts.yml'), hostsFile(await freePort()))
  t.match(await trust('--yes'), { code: 3, stdout: /^web1 {2}.*\n {2}→ /m })
})

t.test("a key goes where its host's connections look for it; where they look nowhere, that is said", async t => {
  const sshd = await startSshd()
  t.teardown(() => sshd.close())
  const login = `ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_ssh_private_key_file=${sshd.dir}/key`
  const options = '-F /dev/null -o IdentityAgent=none -o GlobalKnownHostsFile=none'
  const args = (file: string) => `ansible_ssh_common_args='${options} -o UserKnownHostsFile=${file}'`
  const cwd = t.testdir()
  const at = (name: string) => join(cwd, name)
  writeFileSync(
    at('hosts'),
    [
      `inventory ${login} ${args('none')} ansible_ssh_known_hosts_file=${at('one')},${at('other')}`,
      `tkplay ${login} ${args('none')} tkplay_known_hosts=${at('two')}`,
      `options ${login} ${args(at('three'))}`,
      `nowhere ${login} ${args('/dev/null')}`,
    ].join('\n'),
  )
  const trust = (host: string, ...more: readonly string[]) => tkplay(['trust', host, '-i', 'hosts', ...more], { cwd })
  const asked = await trust('inventory,tkplay')
  t.equal(asked.code, 2)

  const yes = await trust('inventory,tkplay,options', '--yes')
  t.equal(yes.code, 0, yes.stderr)
  for (const name of ['one', 'two', 'three']) {
    t.match(yes.stdout, `2 keys are pinned in ${at(name)}.`)
    t.ok(readFileSync(at(name), 'utf8').includes(sshd.line('127.0.0.1', 'ed25519')), name)
  }
  t.match(await trust('options:!gone'), { code: 0, stdout: /^warning: no host or group 'gone'/ })
  const reached = await tkplay(['adhoc', 'inventory,tkplay,options', '-i', 'hosts', '-a', 'echo in'], { cwd })
  t.equal(reached.code, 0, reached.stdout)
  t.match(await trust('inventory,tkplay,options'), { code: 0, stdout: /All of them are pinned already/ })

  rmSync(at('one'))
  const env = { TKPLAY_KNOWN_HOSTS: at('settings') }
  const own = await tkplay(['trust', 'inventory', '-i', 'hosts', '--yes'], { cwd, env })
  t.match(own.stdout, `2 keys are pinned in ${at('one')}.`, "the host's own file comes before the settings'")

  const lost = await trust('nowhere', '--yes')
  t.equal(lost.code, 3)
  t.match(lost.stdout, /^nowhere {2}ssh options leave no file .*\n {2}→ take that option out, or name a file/m)
})
