export interface SystemdParams {
  readonly name?: string
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded'
  readonly enabled?: boolean
  readonly masked?: boolean
  readonly daemon_reload: boolean
  readonly daemon_reexec: boolean
  readonly scope: 'system' | 'user' | 'global'
  readonly no_block: boolean
  readonly force: boolean
}

/** Properties as `systemctl show` names them. */
export interface UnitProperties {
  readonly [property: string]: string
}

export interface UnitSeen {
  /** Where a unit is named. */
  readonly unit?: UnitProperties
  /** What `systemctl is-enabled` says: `enabled`, `static`, `masked`, …; only where `enabled` or `masked` asks. */
  readonly enabled?: string
  /** Whether links of System V runlevels start it: units made of init scripts are enabled by them. */
  readonly sysv?: boolean
  /** Units whose files are newer than what systemd has read; only where `daemon_reload` stands alone. */
  readonly stale?: readonly string[]
}

/** The properties that are read: what plan looks at, and what playbooks ask `status` for. */
export const properties = [
  'Id',
  'Description',
  'LoadState',
  'LoadError',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'FragmentPath',
  'NeedDaemonReload',
  'Type',
  'RemainAfterExit',
  'Result',
  'ExecMainStatus',
  'MainPID',
] as const

export type UnitChange =
  | { readonly kind: 'daemon-reexec' }
  | { readonly kind: 'daemon-reload' }
  | { readonly kind: 'mask' | 'unmask' | 'enable' | 'disable' | 'start' | 'stop' | 'restart' | 'reload' }

/** Starting counts: a unit between two of its own restarts is `activating (auto-restart)`. */
export const isRunning = (unit: UnitProperties): boolean =>
  ['active', 'activating', 'reloading', 'refreshing'].includes(unit['ActiveState'] ?? '')

/** `nginx` is nginx.service to systemctl. */
export const unitName = (name: string): string =>
  /\.[a-z]+$/.test(name) && suffixes.test(name) ? name : `${name}.service`

const suffixes = /\.(?:service|socket|target|timer|mount|automount|swap|path|slice|scope|device)$/
