import { type Change, defineModule } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { diagnoseBy } from '../support/diagnose.js'
import { bool, inert, object, oneOf, str } from '../support/schema.js'
import { applyUnitChange } from './systemd/apply.js'
import { systemdMessages, systemdRules } from './systemd/messages.js'
import { planUnit } from './systemd/plan.js'
import { readUnit } from './systemd/read.js'
import { isRunning, type SystemdParams, type UnitChange, type UnitSeen } from './systemd/unit.js'

/** Units of systemd. Source: systemctl(1), org.freedesktop.systemd1(5). */
export const systemd = defineModule<SystemdParams, UnitSeen, Change & UnitChange>({
  name: 'systemd',
  aliases: ['service', 'systemd_service'],
  // A restart is asked for each time, and leaves nothing behind by which a second look could tell that it has been.
  kind: p => (p.state === 'restarted' || p.state === 'reloaded' || p.daemon_reexec ? 'action' : 'state'),
  // A oneshot unit is inactive again after it has started; any other is not what was asked for.
  verify(params, seen) {
    const plan = planUnit(params, seen)
    const onlyStarts = 'changes' in plan && plan.changes.every(({ kind }) => kind === 'start')
    const endsByItself = seen.unit?.['Type'] === 'oneshot' && seen.unit['RemainAfterExit'] !== 'yes'
    return endsByItself && onlyStarts ? 'passing' : 'strict'
  },
  doc: `Starts, stops, restarts, enables and masks units of systemd.

A unit that is starting counts as started: the kubelet restarts itself until \`kubeadm init\` gives it a configuration. A unit whose files
have changed since they were read (\`NeedDaemonReload\`) is a change, with and without \`daemon_reload\`. A unit that does not exist is
stopped and disabled already; to start or enable it, an earlier task must bring it. A oneshot unit without \`RemainAfterExit\` is not running
when its work is done: to start it is a change each time.`,
  params: object({
    name: str('The unit; `.service` is added where there is no suffix.', {
      pattern: '^[\\w.:@\\\\-]+$',
      aliases: ['service', 'unit'],
      examples: ['containerd'],
    }),
    state: oneOf('`restarted` and `reloaded` act each time; `reloaded` starts what does not run.', [
      'started',
      'stopped',
      'restarted',
      'reloaded',
    ]),
    enabled: bool('Whether it starts at boot.'),
    masked: bool('Whether it cannot be started at all.'),
    daemon_reload: bool('Have systemd read its files again where they have changed.', false, {
      aliases: ['daemon-reload'],
    }),
    daemon_reexec: bool('Have systemd start itself anew.', false, { aliases: ['daemon-reexec'] }),
    scope: oneOf(
      'Which manager: the machine’s, the user’s own, or that of all users.',
      ['system', 'user', 'global'],
      'system',
    ),
    no_block: bool('Do not wait until the unit has started or stopped.', false),
    force: bool('Replace links that are in the way when enabling.', false),
    use: str('From Ansible’s `service`; no effect: there is only systemd.'),
    ...Object.fromEntries(
      ['arguments', 'pattern', 'runlevel', 'sleep'].map(name => [
        name,
        inert(
          'only init scripts need it, and here it is always systemd',
          name === 'arguments' ? { aliases: ['args'] } : {},
        ),
      ]),
    ),
  }),
  examples: `- name: the kubelet runs, now and after a reboot
  systemd:
    name: kubelet
    state: started
    enabled: true

- name: read the new configuration
  service:
    name: nginx
    state: reloaded

- name: nobody starts it by accident
  systemd:
    name: firewalld
    state: stopped
    enabled: false
    masked: true
`,

  probe: readUnit,
  plan: planUnit,
  apply: applyUnitChange,

  value: (p, { unit }) =>
    omitUndefined({
      name: p.name,
      state: p.state === undefined ? undefined : p.state === 'stopped' ? 'stopped' : 'started',
      enabled: p.enabled,
      status: unit,
      running: unit === undefined ? undefined : isRunning(unit),
    }),

  messages: { codes: systemdMessages, diagnose: diagnoseBy(systemdRules) },
})
