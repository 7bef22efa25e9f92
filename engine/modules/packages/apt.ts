import { defineModule } from '../../core/module.js'
import { diagnoseBy } from '../support/diagnose.js'
import { object } from '../support/schema.js'
import { applyApt } from './apt/apply.js'
import type { AptChange } from './apt/change.js'
import { aptMessages, aptRules } from './apt/messages.js'
import { type AptParams, aptProperties } from './apt/params.js'
import { isPlainUpdate, planApt } from './apt/plan.js'
import { readApt } from './apt/read.js'
import type { AptSeen } from './apt/seen.js'
import { aptValue } from './apt/value.js'

/** Packages of Debian and Ubuntu. Source: apt-get(8), apt_preferences(5), dpkg(1), sources.list(5). */
export const apt = defineModule<AptParams, AptSeen, AptChange>({
  name: 'apt',
  kind: p => (isPlainUpdate(p) ? 'action' : 'state'),
  doc: `Installs, upgrades and removes packages of Debian and Ubuntu.

A package that is there at a fitting version is left alone without asking apt, and no list is fetched for it: \`update_cache\` acts only
where something is to be installed. apt runs in a unit of its own, so that it ends well even if tkplay is killed; the next run waits for
it. What an interrupted run left half-way is finished first, and a held lock is waited for (\`lock_timeout\`).

Without \`cache_valid_time\`, \`latest\` and \`upgrade\` take lists that are younger than five minutes as they are.`,
  params: object(aptProperties),
  examples: `- name: a container runtime
  apt:
    name: [containerd, runc]
    update_cache: true
    cache_valid_time: 3600
    install_recommends: false

- name: this very version, although it is held
  apt:
    name: kubelet=1.34.4-*
    allow_change_held_packages: true

- name: gone, with its configuration
  apt:
    name: ufw
    state: absent
    purge: true

- name: everything up to date
  apt:
    upgrade: full
    update_cache: true
`,
  probe: readApt,
  plan: planApt,
  apply: applyApt,
  value: (_params, seen, applied) => aptValue(seen, applied),
  messages: { codes: aptMessages, diagnose: diagnoseBy(aptRules) },
})
