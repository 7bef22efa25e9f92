import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { takeDown } from '../../lab/down.js'
import { openLab } from '../../lab/lab.js'
import { silent } from '../../lab/support/log.js'
import { tkplay } from '../support/tkplay.js'

const name = 'test-trust'
t.teardown(() => takeDown(name, silent))
const lab = await openLab({ name, hosts: 1 })

t.test('an unknown host key is refused with the cure; trust pins it, and then it is known', async t => {
  const home = await mkdtemp(join(tmpdir(), 'tkplay-trust-'))
  t.teardown(() => rm(home, { recursive: true, force: true }))
  const { address } = lab.host('node1')
  const login = `ansible_user=root ansible_ssh_private_key_file=${lab.identity.key}`
  await writeFile(join(home, 'hosts'), `node1 ansible_host=${address} ${login}\n`)
  const at = { cwd: home, env: { HOME: home, SSH_AUTH_SOCK: '' } }

  const before = await tkplay(['adhoc', 'all', '-i', 'hosts', '-a', 'hostname'], at)
  t.equal(before.code, 3)
  t.match(`${before.stdout}${before.stderr}`, /tkplay trust/)

  const trusted = await tkplay(['trust', 'all', '-i', 'hosts', '--yes'], at)
  t.equal(trusted.code, 0, trusted.stderr)
  t.match(trusted.stdout, /node1 +ssh-ed25519 +SHA256:/)
  t.match(await readFile(join(home, '.ssh/known_hosts'), 'utf8'), address)

  const after = await tkplay(['adhoc', 'all', '-i', 'hosts', '-a', 'hostname'], at)
  t.equal(after.code, 0, after.stderr)
  t.match(after.stdout, 'node1')
})
