import type { Messages } from '../../../core/messages.js'
import { fieldOr, notRoot, notRootMessage, type Rule } from '../../support/diagnose.js'

export const systemdMessages: Messages['codes'] = {
  ...notRootMessage,
  'no-name': () => ({
    what: '`state`, `enabled` and `masked` are about a unit, and none is named',
    remedy: 'add `name`',
  }),
  masked: data => ({
    what: `${fieldOr(data, 'unit', 'the unit')} is masked: somebody wanted that nothing can start it`,
    remedy: 'add `masked: false` if it shall run after all',
  }),
  'masked-anyway': data => ({
    what: `${fieldOr(data, 'unit', 'the unit')} cannot be masked, and run or start at boot`,
    remedy: 'take `masked` out, or `state` and `enabled`',
  }),
  'bad-unit': data => ({
    what: `systemd cannot read ${fieldOr(data, 'file', 'the unit’s file')}: ${fieldOr(data, 'error', 'a setting is wrong')}`,
    remedy: `\`systemd-analyze verify ${fieldOr(data, 'file', fieldOr(data, 'unit'))}\` names the line`,
  }),
  'start-failed': data => ({
    what: `${fieldOr(data, 'unit', 'the unit')} did not start`,
    remedy: `its last lines stand above; \`journalctl -u ${fieldOr(data, 'unit', 'UNIT')}\` on the host shows all`,
  }),
  'too-often': data => ({
    what: `${fieldOr(data, 'unit', 'the unit')} has failed so often that systemd does not start it any more`,
    remedy: `mend its cause, then \`systemctl reset-failed ${fieldOr(data, 'unit', 'UNIT')}\``,
  }),
  dependency: data => ({
    what: `something that ${fieldOr(data, 'unit', 'the unit')} requires did not start`,
    remedy: `\`systemctl list-dependencies ${fieldOr(data, 'unit', 'UNIT')}\` shows which`,
  }),
  'no-reload': data => ({
    what: `${fieldOr(data, 'unit', 'the unit')} cannot be reloaded`,
    remedy: 'use `state: restarted`',
  }),
  'no-unit': data => ({
    what: `there is no ${fieldOr(data, 'unit', 'such unit')}`,
    remedy: 'install what brings it in an earlier task, or correct the name',
  }),
  'own-file': data => ({
    what: `masking takes a link in the place of ${fieldOr(data, 'file', 'the unit’s file')}, and the unit’s own file stands there`,
    remedy: 'take `masked` out: stopped and disabled is enough; or remove the file first',
  }),
  'no-systemd': () => ({
    what: 'systemd is not what runs this machine',
    remedy: 'take the host out of the play: tkplay manages services by systemd only',
  }),
}

export const systemdRules: readonly Rule[] = [
  { code: 'no-systemd', pattern: /System has not been booted with systemd/ },
  { code: 'too-often', pattern: /Job for (?<unit>\S+) failed[\s\S]*Start request repeated too quickly/ },
  { code: 'too-often', pattern: /(?<unit>\S+): Start request repeated too quickly/ },
  { code: 'dependency', pattern: /A dependency job for (?<unit>\S+) failed/ },
  { code: 'no-reload', pattern: /Job type reload is not applicable for unit (?<unit>\S+?)\.?$/m },
  { code: 'start-failed', pattern: /Job for (?<unit>\S+) (?:failed|canceled)/ },
  { code: 'own-file', pattern: /Failed to mask unit: File '?(?<file>[^' ]+)'? already exists/ },
  { code: 'masked', pattern: /Unit (?<unit>\S+) is masked/ },
  { code: 'no-unit', pattern: /Unit (?:file )?(?<unit>\S+) (?:not found|does not exist|could not be found)/ },
  notRoot,
]
