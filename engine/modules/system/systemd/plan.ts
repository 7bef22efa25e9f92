import type { Change, Plan } from '../../../core/module.js'
import { isRunning, type SystemdParams, type UnitChange, type UnitProperties, type UnitSeen, unitName } from './unit.js'

type Changes = Change & UnitChange

/** In systemd's own order: what it knows, whether it may run, whether it starts at boot, whether it runs now. */
export const planUnit = (p: SystemdParams, seen: UnitSeen): Plan<Changes> => {
  const changes: Changes[] = []
  if (p.daemon_reexec) changes.push({ kind: 'daemon-reexec', summary: 'systemd starts itself anew' })
  if (seen.unit === undefined || p.name === undefined) {
    const stale = seen.stale ?? []
    if (stale.length > 0) changes.push({ kind: 'daemon-reload', summary: `read again: ${stale.join(', ')}` })
    if (p.name === undefined && (p.state ?? p.enabled ?? p.masked) !== undefined)
      return { refused: 'no-name', data: {} }
    return { changes }
  }
  const name = unitName(p.name)
  const wanted = p.enabled === true || (p.state !== undefined && p.state !== 'stopped')
  const masked = isMasked(seen)

  if (wanted && p.masked === true) return { refused: 'masked-anyway', data: { unit: name } }
  if (wanted && masked && p.masked !== false) return { refused: 'masked', data: { unit: name } }
  if (wanted && seen.unit['LoadState'] === 'not-found')
    return { needs: `unit ${name}`, remedy: absent(name), ...unitFiles(p, name) }
  if (wanted && ['bad-setting', 'error'].includes(seen.unit['LoadState'] ?? '')) {
    return {
      refused: 'bad-unit',
      data: { unit: name, error: seen.unit['LoadError'] ?? '', file: seen.unit['FragmentPath'] ?? '' },
    }
  }

  if (p.masked === false && masked) changes.push({ kind: 'unmask', summary: `${name}: unmasked` })
  if (seen.unit['NeedDaemonReload'] === 'yes' && (wanted || p.daemon_reload)) {
    changes.push({ kind: 'daemon-reload', summary: `${name}: its files have changed: read again` })
  }
  if (p.enabled === true && !startsAtBoot(seen)) {
    changes.push({ kind: 'enable', summary: `${name}: ${seen.enabled || 'disabled'} → enabled` })
  }
  if (p.enabled === false && isEnabled(seen))
    changes.push({ kind: 'disable', summary: `${name}: ${seen.enabled} → disabled` })
  const state = stateChange(p.state, name, seen.unit)
  if (state !== undefined) changes.push(state)
  if (p.masked === true && !masked) changes.push({ kind: 'mask', summary: `${name}: masked` })
  return { changes }
}

const isMasked = ({ unit, enabled }: UnitSeen): boolean =>
  unit?.['LoadState'] === 'masked' || enabled === 'masked' || enabled === 'masked-runtime'

/** static, alias, …: there is nothing to enable; enabled-runtime ends with the next boot. */
const startsAtBoot = ({ enabled = '', sysv }: UnitSeen): boolean =>
  ['enabled', 'static', 'alias', 'transient'].includes(enabled) || (enabled === 'generated' && sysv === true)

const isEnabled = ({ enabled = '', sysv }: UnitSeen): boolean =>
  enabled === 'enabled' || enabled === 'enabled-runtime' || (enabled === 'generated' && sysv === true)

const stateChange = (state: SystemdParams['state'], name: string, unit: UnitProperties): Changes | undefined => {
  const now = `${unit['ActiveState'] ?? ''}${unit['ActiveState'] === 'failed' ? ` (${unit['Result'] ?? ''})` : ''}`
  switch (state) {
    case undefined:
      return undefined
    case 'started':
      return isRunning(unit) ? undefined : { kind: 'start', summary: `${name}: ${now} → started` }
    case 'stopped':
      return isRunning(unit) || unit['ActiveState'] === 'deactivating'
        ? { kind: 'stop', summary: `${name}: ${now} → stopped` }
        : undefined
    case 'restarted':
      return { kind: 'restart', summary: `${name}: restarted` }
    case 'reloaded':
      return isRunning(unit)
        ? { kind: 'reload', summary: `${name}: reloaded` }
        : { kind: 'start', summary: `${name}: ${now} → started` }
  }
}

/** Where the file of a unit of the system may be, its template's or its init script's: systemd.unit(5). A user's units are elsewhere. */
const unitFiles = ({ scope }: SystemdParams, name: string): { readonly at?: readonly string[] } => {
  if (scope !== 'system') return {}
  const template = name.replace(/@[^@]*(?=\.[a-z]+$)/, '@')
  const folders = ['/etc', '/run', '/usr/local/lib', '/usr/lib'].map(folder => `${folder}/systemd/system`)
  const files = [...new Set([name, template])].flatMap(file => folders.map(folder => `${folder}/${file}`))
  return { at: [...files, `/etc/init.d/${name.replace(/\.service$/, '')}`] }
}

const absent = (name: string): string =>
  `install what brings ${name} in an earlier task, or correct the name (\`systemctl list-unit-files\` lists what there is)`
