import { Buffer } from 'node:buffer'
import t from 'tap'
import type { Read } from '../../../../../engine/core/module.js'
import { diagnoseBy } from '../../../../../engine/modules/support/diagnose.js'
import { systemdMessages, systemdRules } from '../../../../../engine/modules/system/systemd/messages.js'
import { readUnit } from '../../../../../engine/modules/system/systemd/read.js'
import type { SystemdParams, UnitSeen } from '../../../../../engine/modules/system/systemd/unit.js'
import { unitName } from '../../../../../engine/modules/system/systemd/unit.js'

const params = (more: Partial<SystemdParams>): SystemdParams => ({
  daemon_reload: false,
  daemon_reexec: false,
  scope: 'system',
  no_block: false,
  force: false,
  ...more,
})

const parse = (p: SystemdParams, stdout: string, rc = 0): UnitSeen =>
  (readUnit(p) as Read<UnitSeen>).parse({ rc, stdout: Buffer.from(stdout), stderr: Buffer.from('') })

/** systemd 252. */
const shown = `Type=simple
Environment=A=1 B=2
LoadState=loaded
ActiveState=activating
SubState=auto-restart
UnitFileState=enabled
NeedDaemonReload=no
`

t.test('properties, with = in their values', async t => {
  t.match(parse(params({ name: 'kubelet', state: 'started' }), `${shown}\0`), {
    unit: { LoadState: 'loaded', ActiveState: 'activating', Environment: 'A=1 B=2' },
  })
})

t.test('whether it starts at boot is asked only where it matters', async t => {
  t.notMatch((readUnit(params({ name: 'a', state: 'started' })) as Read<UnitSeen>).sh, /is-enabled/)
  t.match((readUnit(params({ name: 'a', enabled: true })) as Read<UnitSeen>).sh, /systemctl --system is-enabled -- a /)
  t.match((readUnit(params({ name: 'a', enabled: true, scope: 'global' })) as Read<UnitSeen>).sh, /--global is-enabled/)
  t.match(parse(params({ name: 'a', enabled: true }), `${shown}\0generated\nsysv\n`), {
    enabled: 'generated',
    sysv: true,
  })
  t.match(parse(params({ name: 'a', enabled: true }), `${shown}\0`), { enabled: '', sysv: false })
})

t.test('all units, of which two have changed', async t => {
  const all =
    'Id=a.service\nNeedDaemonReload=yes\n\nId=b.service\nNeedDaemonReload=no\n\nNeedDaemonReload=yes\nId=c.service\n'
  t.same(parse(params({ daemon_reload: true }), all), { stale: ['a.service', 'c.service'] })
})

t.test('what is not an answer is not observed', async t => {
  t.throws(() => parse(params({ name: 'a' }), '', 1))
  t.throws(() => parse(params({ name: 'a' }), '\0'), /said nothing/)
})

t.test('names', async t => {
  t.equal(unitName('nginx'), 'nginx.service')
  t.equal(unitName('swap.target'), 'swap.target')
  t.equal(unitName('getty@tty1'), 'getty@tty1.service')
  t.equal(unitName('a.b'), 'a.b.service')
})

t.test('what systemctl said', async t => {
  const recorded: readonly (readonly [string, string, string])[] = [
    [
      'Job for t.service failed because the control process exited with error code.\nSee "systemctl status t.service" and "journalctl -xeu t.service" for details.\n',
      'start-failed',
      't.service',
    ],
    ['Failed to reload t.service: Job type reload is not applicable for unit t.service.\n', 'no-reload', 't.service'],
    ['Failed to start t.service: Unit t.service not found.\n', 'no-unit', 't.service'],
    ['Failed to start t.service: Unit t.service is masked.\n', 'masked', 't.service'],
    ["A dependency job for t.service failed. See 'journalctl -xe' for details.\n", 'dependency', 't.service'],
    ["System has not been booted with systemd as init system (PID 1). Can't operate.\n", 'no-systemd', ''],
    ['Failed to start t.service: Access denied\n', 'not-root', ''],
    ['Failed to mask unit: File /etc/systemd/system/t.service already exists.\n', 'own-file', ''],
  ]
  for (const [stderr, code, unit] of recorded) {
    const found = diagnoseBy(systemdRules)({ rc: 1, stdout: '', stderr })
    t.equal(found?.code, code)
    if (unit !== '') t.match(found?.data, { unit })
    t.not(systemdMessages[code]?.(found?.data ?? null).remedy, undefined)
  }
})
