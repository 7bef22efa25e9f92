import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { kept } from '../../../support/tkplay.js'
import { startSshd } from '../../transport/ssh/sshd.js'

t.setTimeout(300_000)

const tkplay = kept(t)

t.test("Ansible's own example of a bastion: quotes inside of a word join it", async t => {
  const sshd = await startSshd()
  t.teardown(() => sshd.close())
  const { dir, port } = sshd
  const { user = '' } = sshd.target()
  writeFileSync(
    join(dir, 'config'),
    `IdentityFile ${dir}/key\nIdentityAgent none\nUserKnownHostsFile ${dir}/known_hosts\nGlobalKnownHostsFile none\nBatchMode yes\n`,
  )
  const proxy = (bastion: string): string =>
    `-F ${dir}/config -o ProxyCommand="ssh -F ${dir}/config -W %h:%p -p ${port} ${bastion}"`
  const hosts = (bastion: string): string =>
    JSON.stringify({
      all: {
        hosts: {
          web1: { ansible_host: '127.0.0.1', ansible_port: port, ansible_ssh_common_args: proxy(bastion) },
        },
      },
    })
  const cwd = t.testdir({
    'hosts.yml': hosts(`-q ${user}@127.0.0.2`),
    'lost.yml': hosts(`${user}@127.0.0.1 -i /nowhere -o Port=x`),
  })
  const by = (file: string) => tkplay(['adhoc', 'all', '-i', file, '-a', 'printenv SSH_CONNECTION'], { cwd })
  const through = await by('hosts.yml')
  t.equal(through.code, 0, through.stdout + through.stderr)
  t.match(through.stdout, /web1 \| CHANGED \| rc=0\n127\.0\.0\.1 /)
  const lost = await by('lost.yml')
  t.equal(lost.code, 3)
  t.match(lost.stdout, /ProxyCommand to 127\.0\.0\.1:\d+ ended before the login was done, with \d+/)
  t.match(lost.stdout, /\$ ssh -F .*\n[\s\S]*port/i, 'the command, and what it said')
})

t.test('fifty hosts on one sshd all answer in one run', async t => {
  const sshd = await startSshd(['MaxStartups 10:30:100'])
  t.teardown(() => sshd.close())
  const names = Array.from({ length: 50 }, (_, index) => `h${index}`)
  const vars = {
    ansible_host: '127.0.0.1',
    ansible_port: sshd.port,
    ansible_ssh_private_key_file: `${sshd.dir}/key`,
    ansible_ssh_common_args: `-F /dev/null -o IdentityAgent=none -o UserKnownHostsFile=${sshd.dir}/known_hosts`,
  }
  const cwd = t.testdir({
    'hosts.yml': JSON.stringify({ all: { vars, hosts: Object.fromEntries(names.map(name => [name, {}])) } }),
  })
  const ran = await tkplay(['adhoc', 'all', '-i', 'hosts.yml', '-f', '50', '-a', 'true'], { cwd })
  t.equal(ran.code, 0, ran.stdout)
  t.equal(ran.stdout.match(/\| CHANGED/g)?.length, 50)
})

t.test('a host on the way to itself is invalid configuration, before any connection', async t => {
  const cwd = t.testdir({
    jumps: 'Host *\n ProxyJump bastion\n',
    'hosts.yml': 'all:\n  hosts:\n    web1: {ansible_ssh_common_args: -F jumps}\n',
  })
  const ran = await tkplay(['adhoc', 'all', '-i', 'hosts.yml', '-a', 'true'], { cwd })
  t.equal(ran.code, 2, ran.stdout)
  t.match(ran.stderr, /hosts\.yml:3:12: web1: ProxyJump 'bastion' goes in circles/)
  t.match(ran.stderr, /→ set ProxyJump none for bastion/)
})
