import { readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { rowsOf } from '../../../support/rows.js'
import { kept, project } from '../../../support/tkplay.js'

interface Case {
  readonly name: string
  readonly playbook?: string
  readonly inventory?: string
  /** How the playbook is written; utf8 unless told. */
  readonly bytes?: 'latin1'
  readonly settings?: string
  readonly remove?: readonly string[]
  readonly without?: 'inventory'
  readonly args?: readonly string[]
  /** A place that a line of the complaint begins with: file, or file:line, or file:line:col. */
  readonly at?: string
  readonly says: readonly string[]
}

const folder = join(project, 'test/cases/bad-input')
const columns = [
  'name',
  'playbook',
  'inventory',
  'bytes',
  'settings',
  'remove',
  'without',
  'args',
  'at',
  'says',
] as const
const cases = readdirSync(folder).flatMap(file => rowsOf<Case>(join(folder, file), columns))

const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - name: greet
      ping:
`

t.setTimeout(300_000)

const tkplay = kept(t)

t.test('bad input: exit 2, with its place and a cure, and nothing is connected', async t => {
  let connections = 0
  const server = createServer(socket => {
    connections++
    socket.destroy()
  })
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const inventory = `all:\n  children:\n    web:\n      hosts:\n        web1: {ansible_host: 127.0.0.1, ansible_port: ${port}, ansible_password: none}\n`

  for (const one of cases) {
    await t.test(one.name, async t => {
      const cwd = t.testdir({
        'site.yml': Buffer.from(one.playbook ?? playbook, one.bytes ?? 'utf8'),
        'hosts.yml': one.inventory ?? inventory,
        ...(one.settings === undefined ? {} : { 'tkplay.yml': one.settings }),
      })
      for (const file of one.remove ?? []) await rm(join(cwd, file))
      const from = one.without === 'inventory' ? [] : ['-i', 'hosts.yml']
      const ran = await tkplay(['run', 'site.yml', ...from, ...(one.args ?? [])], { cwd, env: { SSH_AUTH_SOCK: '' } })
      const said = `${ran.stderr}\n${ran.stdout}`
      t.equal(ran.code, 2, said)
      for (const text of one.says) t.ok(said.includes(text), `says ${text}\n${said}`)
      if (one.at !== undefined) t.match(said, new RegExp(`^\\S*\\b${one.at.replaceAll('.', '\\.')}:`, 'm'), one.at)
      t.equal(ran.stdout, '', 'nothing is run')
      t.notMatch(said, /^\s+at .*\(.*\.js:\d+/m, 'no stack')
    })
  }
  t.equal(connections, 0, 'no connection')

  const ran = await tkplay(['run', 'site.yml', '-i', 'hosts.yml'], {
    cwd: t.testdir({ 'site.yml': playbook, 'hosts.yml': inventory }),
  })
  t.equal(ran.code, 3, `good input connects: ${ran.stdout}`)
  t.not(connections, 0)
})
