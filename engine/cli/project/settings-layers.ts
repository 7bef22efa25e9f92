import type { Settings } from '../../config/settings.js'
import { Secret, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { dataLayer } from '../../run/variables/scope.js'

/** Passwords that the user typed. */
export interface AskedPasswords {
  readonly login?: string
  readonly become?: string
}

/**
 * Connection settings as variables of the lowest precedence, so that the inventory wins. Passwords that were typed for
 * this run win over all variables.
 */
export const settingsLayers = (settings: Settings, asked: AskedPasswords): readonly Layer[] => {
  const low: [string, Value | undefined][] = [
    ['ansible_user', settings.user],
    ['ansible_ssh_private_key_file', settings.private_key],
    ['ansible_ssh_common_args', settings.ssh_common_args],
    ['ansible_timeout', settings.timeout],
    ['ansible_known_hosts', settings.known_hosts.length === 0 ? undefined : settings.known_hosts],
    ['ansible_become', settings.become ? true : undefined],
    ['ansible_become_user', settings.become_user],
    ['ansible_become_method', settings.become_method],
  ]
  const high: [string, Value | undefined][] = [
    ['ansible_password', asked.login === undefined ? undefined : new Secret(asked.login)],
    ['ansible_become_password', asked.become === undefined ? undefined : new Secret(asked.become)],
  ]
  return [
    dataLayer(rank.settings, 'settings', definedPairs(low)),
    dataLayer(rank.extra, 'asked passwords', definedPairs(high)),
  ]
}

const definedPairs = (
  pairs: readonly (readonly [string, Value | undefined])[],
): readonly (readonly [string, Value])[] =>
  pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
