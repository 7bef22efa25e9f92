import t from 'tap'
import type { Raw } from '../../../../engine/core/module.js'
import { firewalls } from '../../../../engine/modules/network/firewall.js'

const raw = (stdout: string, rc = 0): Raw => ({ rc, stdout: Buffer.from(stdout), stderr: new Uint8Array() })

const zone = (name: string, ports: string, sources = '', protocols = '') => `${name} (active)
  target: default
  icmp-block-inversion: no
  interfaces: eth0
  sources: ${sources}
  services: cockpit dhcpv6-client ssh
  ports: ${ports}
  protocols: ${protocols}
  forward: yes
  masquerade: no
  forward-ports:
  source-ports:
  icmp-blocks:
  rich rules:
`

t.test('no firewall', async t => {
  t.same(firewalls.parse(raw('\0')), {})
})

t.test('ufw 0.36: its rules are commands, its other lines are not', async t => {
  const said = `ufw
Added user rules (see 'ufw status' for running firewall):
ufw allow 22/tcp
ufw allow 30000:32767/udp
ufw route allow from 10.244.0.0/16
\0`
  t.same(firewalls.parse(raw(said)), {
    ufw: ['ufw allow 22/tcp', 'ufw allow 30000:32767/udp', 'ufw route allow from 10.244.0.0/16'],
  })
  t.same(firewalls.parse(raw("ufw\nAdded user rules (see 'ufw status' for running firewall):\n(None)\n\0")), {
    ufw: [],
  })
})

t.test('firewalld 1.3: open is what is open now and after a boot', async t => {
  const said = [
    '\0running\n',
    zone('public', '6443/tcp 30000-32767/tcp'),
    zone('trusted', '', '10.244.0.0/16'),
    zone('public', '6443/tcp', '', 'ipip'),
    zone('trusted', '', '10.244.0.0/16 192.0.2.0/24'),
  ].join('\0')
  t.same(firewalls.parse(raw(said)), {
    firewalld: { running: true, ports: ['6443/tcp'], protocols: [], sources: ['10.244.0.0/16'] },
  })
})

t.test('firewalld that does not run', async t => {
  const said = ['\0stopped\n', zone('public', '6443/tcp', '', 'ipip'), zone('trusted', '', '')].join('\0')
  t.same(firewalls.parse(raw(said)), {
    firewalld: { running: false, ports: ['6443/tcp'], protocols: ['ipip'], sources: [] },
  })
  t.throws(() => firewalls.parse(raw('\0stopped\n', 1)))
})
