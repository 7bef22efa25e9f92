import { type Change, defineModule, nothing } from '../core/module.js'
import { applyApt } from './lib/apt/apply.js'
import type { AptChange } from './lib/apt/change.js'
import { aptMessages, aptRules } from './lib/apt/messages.js'
import type { AptParams } from './lib/apt/params.js'
import { planApt } from './lib/apt/plan.js'
import { readApt } from './lib/apt/read.js'
import type { AptSeen } from './lib/apt/seen.js'
import { aptValue } from './lib/apt/value.js'
import { field } from './lib/data.js'
import { diagnoseBy } from './lib/diagnose.js'
import { list, object, oneOf } from './lib/schema.js'

interface Params {
  readonly name: readonly string[]
  readonly state: 'present' | 'latest' | 'absent'
  readonly use: 'auto' | 'apt'
}

type Seen = AptSeen | Record<never, never>

/** Packages by whatever manages them on the host. */
export const packageModule = defineModule<Params, Seen, Change & AptChange>({
  name: 'package',
  kind: 'state',
  doc: `Installs and removes packages by the host's own package manager.

On Debian and Ubuntu it is \`apt\`, which knows more parameters. Other package managers are refused, not guessed at.`,
  params: object(
    {
      name: list('Packages, as the host’s package manager names them.', { minItems: 1, examples: [['chrony']] }),
      state: oneOf('Whether they are there.', ['present', 'latest', 'absent'], 'present'),
      use: oneOf('The package manager; `auto` is the one that the host’s facts name.', ['auto', 'apt'], 'auto'),
    },
    ['name', 'state'],
  ),
  examples: `- name: the time
  package:
    name: chrony
    state: present
`,
  probe: (p, facts) => (managerOf(p, facts) === 'apt' ? readApt(asApt(p)) : nothing),
  plan(p, seen, facts) {
    const manager = managerOf(p, facts)
    if (!('packages' in seen)) return { refused: 'no-manager', data: { manager: manager ?? 'unknown' } }
    return planApt(asApt(p), seen)
  },
  apply: (change, p, host) => applyApt(change, asApt(p), host),
  value: (_params, seen, applied) => ('packages' in seen ? aptValue(seen, applied) : {}),
  messages: {
    codes: {
      ...aptMessages,
      'no-manager': data => ({
        what: `tkplay does not manage packages by ${field(data, 'manager')}`,
        remedy:
          'use a Debian or Ubuntu host, or install by `command` with `creates`; if facts were not gathered, set `use: apt`',
      }),
    },
    diagnose: diagnoseBy(aptRules),
  },
})

const managerOf = ({ use }: Params, facts: { readonly [name: string]: unknown }): string | undefined =>
  use === 'auto' ? (facts['pkg_mgr'] as string | undefined) : use

const asApt = ({ name, state }: Params): AptParams => ({
  name,
  state,
  update_cache: false,
  update_cache_retries: 5,
  upgrade: 'no',
  only_upgrade: false,
  allow_downgrade: false,
  allow_change_held_packages: false,
  allow_unauthenticated: false,
  force: false,
  purge: false,
  autoremove: false,
  fail_on_autoremove: false,
  autoclean: false,
  clean: false,
  dpkg_options: 'force-confdef,force-confold',
  lock_timeout: 60,
})
