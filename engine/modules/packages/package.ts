import { type Change, defineModule, nothing, type Probe } from '../../core/module.js'
import { diagnoseBy } from '../support/diagnose.js'
import { field } from '../support/message-data.js'
import { list, object, oneOf, str } from '../support/schema.js'
import { applyApt } from './apt/apply.js'
import type { AptChange } from './apt/change.js'
import { aptMessages, aptRules } from './apt/messages.js'
import { type AptParams, aptProperties } from './apt/params.js'
import { isPlainUpdate, planApt } from './apt/plan.js'
import { ifAptIsThere, readApt } from './apt/read.js'
import type { AptSeen } from './apt/seen.js'
import { aptValue } from './apt/value.js'
import { ofOtherManager, otherManagersProperties } from './other-managers.js'

interface Params extends Omit<AptParams, 'state'> {
  readonly state: AptParams['state'] | 'installed' | 'removed'
  readonly use: string
}

type Seen = AptSeen | Record<never, never>

/** Packages by whatever manages them on the host. */
export const packageModule = defineModule<Params, Seen, Change & AptChange>({
  name: 'package',
  kind: p => (isPlainUpdate(asApt(p)) ? 'action' : 'state'),
  doc: `Installs and removes packages by the host's own package manager.

On Debian and Ubuntu it is \`apt\`, which gets all parameters. Other package managers are refused, not guessed at; their parameters may
stand in tasks that are skipped on hosts of apt.`,
  params: object({
    ...aptProperties,
    name: list('Packages, as the host’s package manager names them.', {
      aliases: ['package', 'pkg'],
      examples: [['chrony']],
    }),
    state: oneOf(
      'Whether they are there; `installed` and `removed` are dnf’s words.',
      ['present', 'latest', 'absent', 'fixed', 'installed', 'removed'],
      'present',
    ),
    use: str('The package manager; `auto` is the one that the host’s facts name, or apt where it is there.', {
      default: 'auto',
      minLength: 1,
      examples: ['apt'],
    }),
    ...otherManagersProperties,
  }),
  examples: `- name: the time
  package:
    name: chrony
    state: present

- name: of lists that are not too old
  package:
    name: ca-certificates
    update_cache: true
    cache_valid_time: 86400
`,
  probe(p, facts): Probe<Seen> {
    const manager = managerOf(p, facts)
    if (manager === undefined) return ifAptIsThere(readApt(asApt(p)))
    return manager === 'apt' ? readApt(asApt(p)) : nothing
  },
  plan(p, seen, facts) {
    if (!('packages' in seen)) return { refused: 'no-manager', data: { manager: managerOf(p, facts) ?? 'unknown' } }
    const foreign = ofOtherManager(p)
    if (foreign !== undefined) return { refused: 'not-of-apt', data: { ...foreign } }
    const { state } = p
    if (state === 'installed' || state === 'removed')
      return { refused: 'not-of-apt', data: { parameter: `state: ${state}`, manager: 'dnf' } }
    return planApt(asApt(p), seen)
  },
  apply: (change, p, host) => applyApt(change, asApt(p), host),
  value: (_params, seen, applied) => ('packages' in seen ? aptValue(seen, applied) : {}),
  messages: {
    codes: {
      ...aptMessages,
      'no-manager': data => ({
        what: `tkplay does not manage packages by ${field(data, 'manager')}`,
        remedy: 'use a Debian or Ubuntu host, or install by `command` with `creates`',
      }),
      'not-of-apt': data => ({
        what: `${field(data, 'parameter')} is of ${field(data, 'manager')}, and this host has apt`,
        remedy: `give it only where \`ansible_facts['pkg_mgr']\` is not apt, by \`when\` or \`default(omit)\``,
      }),
    },
    diagnose: diagnoseBy(aptRules),
  },
})

/** Undefined where nobody says: no facts were gathered. */
const managerOf = ({ use }: Params, facts: { readonly [name: string]: unknown }): string | undefined =>
  use === 'auto' ? (facts['pkg_mgr'] as string | undefined) : use.split('.').at(-1)

const asApt = (p: Params): AptParams => p as AptParams
