import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { $ } from 'zx'
import { takeDown } from '../../lab/down.js'
import { openLab } from '../../lab/lab.js'
import { silent } from '../../lab/support/log.js'
import { root } from '../../scripts/lib/project.js'

/** A lab of its own: a quickstart that someone plays with stays as it is. */
const name = 'test-quickstart'
const sh = $({ quiet: true, nothrow: true, cwd: root })

t.teardown(() => takeDown(name, silent))

t.test('one command from nothing to a cluster whose nginx answers; what it then offers to type works', async t => {
  const ran = await sh`npm run quickstart -- --name ${name}`
  t.equal(ran.exitCode, 0, `${ran.stdout}${ran.stderr}`.slice(-4000))
  const before = ran.stdout.indexOf('It adds to this machine')
  t.ok(before > 0 && before < ran.stdout.indexOf('three hosts'), 'it says first what it adds')
  t.match(ran.stdout, /(^node\d +Ready .*\n?){3}/m, 'three nodes are Ready')
  t.match(ran.stdout, /Welcome to nginx/i)
  const offered = ran.stdout.match(/^ {2}(?:\.\/tkplay|npm run) .*$/gm)?.map(line => line.trim()) ?? []
  t.equal(offered.length, 3)
  const ssh = /^ {2}(?<login>ssh -F \S+ node1)$/m.exec(ran.stdout)?.groups?.['login'] ?? 'none'
  t.match(await sh`sh -c ${`${ssh} hostname`}`, { exitCode: 0, stdout: 'node1' }, ssh)
  for (const command of offered.filter(line => line.startsWith('./tkplay'))) {
    const typed = await sh`sh -c ${command}`
    t.equal(typed.exitCode, 0, `${command}\n${typed.stdout}${typed.stderr}`.slice(-4000))
  }
})

t.test('the hosts stay up, and each can be logged in to', async t => {
  const lab = await openLab({ name, hosts: 3 })
  const hosts = await readFile(join(lab.inventoryDir, 'hosts.yml'), 'utf8')
  for (const host of lab.hosts()) {
    t.match(hosts, host.name)
    const login = await sh`npm run --silent lab -- ssh ${host.name} --name ${name} hostname`
    t.match(login, { exitCode: 0, stdout: host.name }, login.stderr)
  }
})
