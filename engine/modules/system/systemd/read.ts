import { NotObserved } from '../../../core/failure.js'
import { nothing, type Probe } from '../../../core/module.js'
import { read } from '../../../core/read.js'
import { ShellText, sh } from '../../../shell/quote.js'
import { nulSeparated } from '../../support/nul-separated.js'
import { properties, type SystemdParams, type UnitProperties, type UnitSeen } from './unit.js'

/**
 * One `systemctl show`; and `is-enabled` where that is asked, since what the manager thinks of a unit's links is only as new as its
 * last reload.
 */
export const readUnit = (p: SystemdParams): Probe<UnitSeen> => {
  if (p.name === undefined) return p.daemon_reload ? staleUnits(p) : nothing
  const asksEnabled = p.enabled !== undefined || p.masked !== undefined
  const text = sh`${systemctl(p)} show -p ${properties.join(',')} -- ${p.name} || exit 1
printf '\0'
${new ShellText(asksEnabled ? enabledText(p, p.name) : '')}`
  return read(text, raw => {
    const [shown = '', enabled = ''] = nulSeparated(raw, 2)
    const unit = propertiesOf(shown)
    if (unit['LoadState'] === undefined) throw new NotObserved(raw, 'systemctl show said nothing of the unit')
    const [word = '', sysv] = enabled.split('\n')
    return asksEnabled ? { unit, enabled: word, sysv: sysv === 'sysv' } : { unit }
  })
}

/** The manager of all users is no process: only its links can be seen and made. */
const systemctl = ({ scope }: SystemdParams): ShellText =>
  new ShellText(`LC_ALL=C systemctl${scope === 'user' ? ' --user' : ''}`)

const enabledText = ({ scope }: SystemdParams, name: string): string =>
  sh`LC_ALL=C systemctl --${new ShellText(scope)} is-enabled -- ${name} 2>/dev/null || [ $? -lt 126 ] || exit 1
for link in /etc/rc[2345].d/S[0-9][0-9]${name.replace(/\.service$/, '')}; do [ ! -e "$link" ] || { echo sysv; break; }; done`

/** All loaded units: slower than one, but only for a `daemon_reload` without a name. */
const staleUnits = (p: SystemdParams): Probe<UnitSeen> =>
  read(sh`${systemctl(p)} show -p Id,NeedDaemonReload '*'`, raw => ({
    stale: (nulSeparated(raw, 1)[0] ?? '')
      .split('\n\n')
      .map(propertiesOf)
      .filter(unit => unit['NeedDaemonReload'] === 'yes')
      .map(unit => unit['Id'] ?? ''),
  }))

const propertiesOf = (text: string): UnitProperties =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(line => line.includes('='))
      .map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
