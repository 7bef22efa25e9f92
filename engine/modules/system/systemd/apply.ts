import { ApplyFailed } from '../../../core/failure.js'
import type { Session } from '../../../core/module.js'
import { text } from '../../../core/read.js'
import { type SystemdParams, type UnitChange, unitName } from './unit.js'

export const applyUnitChange = async (change: UnitChange, p: SystemdParams, host: Session): Promise<void> => {
  const scope = p.scope === 'system' ? [] : [`--${p.scope}`]
  const block = p.no_block ? ['--no-block'] : []
  const name = p.name === undefined ? '' : unitName(p.name)
  switch (change.kind) {
    case 'daemon-reexec':
    case 'daemon-reload':
      await host.run(['systemctl', ...scope, change.kind])
      return
    case 'mask':
    case 'unmask':
    case 'disable':
      await host.run(['systemctl', ...scope, change.kind, name])
      return
    case 'enable':
      await host.run(['systemctl', ...scope, 'enable', ...(p.force ? ['--force'] : []), name])
      return
    case 'stop':
      await host.run(['systemctl', ...scope, ...block, 'stop', name])
      return
    case 'start':
    case 'restart':
    case 'reload':
      await withLog(host, name, scope, () => host.run(['systemctl', ...scope, ...block, change.kind, name]))
      return
  }
}

/** systemctl itself says «see journalctl»: its last lines are what tells why. */
const withLog = async (
  host: Session,
  name: string,
  scope: readonly string[],
  act: () => Promise<unknown>,
): Promise<void> => {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof ApplyFailed)) throw error
    const log = await host.run(['journalctl', ...scope, '--no-pager', '-q', '-o', 'cat', '-n', '12', '-u', name], {
      ok: 'any',
      timeout: 10_000,
    })
    const stderr = `${text(error.raw.stderr).trim()}\n${text(log.stdout).trim()}\n`
    throw new ApplyFailed(error.command, { ...error.raw, stderr: new TextEncoder().encode(stderr) })
  }
}
