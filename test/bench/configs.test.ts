import t from 'tap'
import { type Fleet, inventoryText, pyinfraInventoryText } from '../../bench/configs.js'
import { addresses, knownHostsText } from '../../bench/fleet/sshd.js'

t.test('every address of a fleet is another one, with its line in known_hosts', async t => {
  const targets = addresses(600, 2222)
  t.equal(new Set(targets.map(({ address }) => address)).size, 600)
  t.equal(new Set(targets.map(({ name }) => name)).size, 600)
  t.ok(targets.every(({ address }) => /^127\.0\.\d+\.([1-9]\d*)$/.test(address)))
  const lines = knownHostsText(targets, 'ssh-ed25519 AAAA root@here\n').split('\n')
  t.equal(lines.length, 601)
  t.equal(lines[250], '[127.0.2.1]:2222 ssh-ed25519 AAAA')
})

t.test('all programs get the same hosts, login and host keys', async t => {
  const targets = [{ name: 'a', address: '127.0.1.1', port: 2222 }]
  const fleet: Fleet = { targets, user: 'root', key: '/k/id', knownHosts: '/k/known' }
  const lines = inventoryText(fleet).split('\n')
  t.strictSame(lines.slice(0, 3), ['a ansible_host=127.0.1.1 ansible_port=2222', '', '[all:vars]'])
  for (const line of ['ansible_user=root', 'ansible_ssh_private_key_file=/k/id', 'tkplay_known_hosts=/k/known'])
    t.ok(lines.includes(line), line)
  const python = pyinfraInventoryText(fleet)
  for (const word of ['127.0.1.1', '2222', '/k/id', '/k/known', '"ssh_strict_host_key_checking": "yes"'])
    t.match(python, word)
  t.notMatch(python, /\b(true|false|null)\b/, 'it is Python')
})
