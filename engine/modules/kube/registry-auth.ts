import type { JsonObject, JsonSchema } from '../../core/json.js'
import { object, str } from '../support/schema.js'

/** Who logs in, by the host that is asked. */
export type Logins = { readonly [host: string]: { readonly username: string; readonly password: string } }

export const loginsSchema: JsonSchema = {
  type: 'object',
  default: {},
  description:
    "Logins to registries, by the host that is asked: the registry's as images name it, or a mirror's; with its port where the address has one.",
  propertyNames: {
    pattern: '^[A-Za-z0-9._-]+(:\\d+)?$',
    title: 'HOST or HOST:PORT',
    examples: ['registry.example.com:5000'],
  },
  additionalProperties: object(
    {
      username: str('The user.', { minLength: 1 }),
      password: str('The password or access token.', { minLength: 1, secret: true }),
    },
    ['username', 'password'],
  ),
  examples: [{ 'registry.example.com': { username: 'ci', password: '{{ vault_registry_password }}' } }],
}

/**
 * The table `registry.configs`, which containerd heeds beside `config_path` for what asks without a login of its own (the kubelet without
 * an imagePullSecret, kubeadm, the pause image). It answers a registry that takes passwords and one that sends to a token service;
 * a header in hosts.toml would do for the first kind only. Deprecated since 1.5, and kept until there is something in its place.
 * Source: containerd docs/cri/registry.md; internal/cri/server/images/image_pull.go of 2.x.
 */
export const registryConfigs = (logins: Logins): JsonObject => {
  const entries = Object.entries(logins).map(([host, { username, password }]) => [
    apiHost(host),
    { auth: { username, password } },
  ])
  return entries.length === 0 ? {} : { configs: Object.fromEntries(entries) }
}

/** Images say docker.io, and containerd asks another host for them. */
const apiHost = (host: string): string => (host === 'docker.io' ? 'registry-1.docker.io' : host)

/** A login as tkplay writes it, and most people: a line with its key and the whole of its value. */
const secretLine = /^([ \t]*(?:password|auth|identitytoken)[ \t]*=[ \t]*)(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*$/gm

/** Names alone: containerd's own default has an empty table `registry.auths`. */
const header = /^[ \t]*\[\[?[^=\n]*\]\]?[ \t]*$/gm

/** TOML has many more ways to say the same, inline tables and texts of many lines among them; whoever means it, it is not shown. */
const mayHoldOthers = (toml: string): boolean =>
  /password|auth|token|secret/i.test(toml.replace(secretLine, '').replace(header, ''))

/** Whether a login may stand in this config.toml. */
export const holdsLogin = (toml: string): boolean => toml.search(secretLine) !== -1 || mayHoldOthers(toml)

/** A config.toml as it may be shown. */
export const withoutLogins = (toml: string, shown = '***'): string =>
  mayHoldOthers(toml)
    ? `(${shown}: not shown, a login may stand in it)\n`
    : toml.replace(secretLine, (_line, key: string) => `${key}"${shown}"`)

/** What containerd says where a registry wants a login, or takes this one not. Source: containerd core/remotes/docker. */
export const refusesLogin = (said: string): boolean =>
  /\b(?:401 Unauthorized|403 Forbidden)\b|pull access denied|no basic auth credentials|insufficient_scope/.test(said)

export const loginRemedy =
  'the registry wants another login than it gets: see its host, user and password in containerd_registry_credentials, then run the role docker again'
