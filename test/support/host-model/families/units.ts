import fc from 'fast-check'
import type { Family } from '../laws.js'
import { type Entry, file } from '../world.js'
import { optionally } from './paths.js'

const vendor = '/usr/local/lib/systemd/system'
const installable = '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n'

/** Units of each kind; what runs, what is enabled, masked, or changed since it was read. */
const world = fc
  .subarray<Entry>([
    { kind: 'link', path: '/etc/systemd/system/multi-user.target.wants/web.service', to: `${vendor}/web.service` },
    { kind: 'link', path: '/etc/systemd/system/web.service', to: '/dev/null' },
    file('/run/units/web.service', 'active\n'),
    file('/run/units/static.service', 'activating\n'),
    file('/run/stale/web.service', ''),
  ])
  .map(entries => [
    file(`${vendor}/web.service`, installable),
    file(`${vendor}/foreign.service`, installable),
    file(`${vendor}/static.service`, '[Service]\nExecStart=/bin/true\n'),
    file(`${vendor}/broken.service`, 'Broken\n'),
    ...entries,
  ])

export const units: Family = {
  systemd: fc
    .tuple(
      world,
      optionally({
        name: fc.constantFrom('web', 'web.service', 'static', 'broken', 'none-such'),
        state: fc.constantFrom('started', 'stopped', 'restarted', 'reloaded'),
        enabled: fc.boolean(),
        masked: fc.boolean(),
        daemon_reload: fc.boolean(),
        no_block: fc.boolean(),
        force: fc.boolean(),
      }),
    )
    .map(([there, params]) => ({
      world: there,
      tasks: [{ module: 'systemd', params: params as never }],
      repeats: params.state === 'restarted' || params.state === 'reloaded',
    })),
}
