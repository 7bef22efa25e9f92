import type { Target } from '../../core/connection.js'
import { becomeMethod, connectionKind, firstDefined, portOf, secondsOf } from '../../core/connection-options.js'
import { ConfigError } from '../../core/failure.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { Secret, type Value } from '../../core/value.js'
import type { Layer } from '../../core/vars.js'
import { shellWords } from '../../python/shell-words.js'
import type { VariableScope } from '../variables/scope.js'

/** The connection variables that `targetOf` reads. */
const words =
  'connection host port user password ssh_(host|port|user|pass|password|private_key_(file|passphrase)|known_hosts_file) ' +
  'ssh_(common_|extra_)?args private_key_(file|passphrase) become_(pass|password|method) sudo_pass known_hosts (connect_)?timeout'
const connectionVariable = new RegExp(`^(ansible|tkplay)_(${words.replaceAll(' ', '|')})$`)

/** The names of connection variables in the layers. */
export const connectionNames = (layers: readonly Layer[]): readonly string[] => {
  const known = namesKnown.get(layers)
  if (known !== undefined) return known
  const names = layers.flatMap(({ bindings }) => [...bindings.keys()].filter(name => connectionVariable.test(name)))
  namesKnown.set(layers, names)
  return names
}

const namesKnown = new WeakMap<readonly Layer[], readonly string[]>()

/** Targets with the same key are one connection. */
export const targetKey = (target: Target): string =>
  JSON.stringify(Object.entries(target).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]))

/** The target of a host, from its connection variables: `ansible_*`, or `tkplay_*`, which win. */
export const targetOf = (name: string, scope: VariableScope): Target => {
  const get = (...names: readonly string[]): Value | undefined => firstDefined(names, variable => scope.get(variable))
  const text = (...names: readonly string[]): string | undefined => {
    const value = get(...names)
    return value === undefined ? undefined : String(value instanceof Secret ? value.reveal() : value)
  }
  const secret = (...names: readonly string[]): Secret<string> | undefined => {
    const value = text(...names)
    return value === undefined ? undefined : new Secret(value)
  }
  const connection = text('connection') ?? (name === 'localhost' && text('host') === undefined ? 'local' : 'ssh')
  return omitUndefined({
    name,
    kind: kindOf(connection, name),
    address: text('host', 'ssh_host') ?? name,
    port: port(text('port', 'ssh_port'), name),
    user: text('user', 'ssh_user'),
    password: secret('password', 'ssh_pass', 'ssh_password'),
    keyFile: text('ssh_private_key_file', 'private_key_file'),
    keyPassphrase: secret('ssh_private_key_passphrase', 'private_key_passphrase'),
    becomePassword: secret('become_password', 'become_pass', 'sudo_pass'),
    becomeMethod: becomeMethod(text('become_method') ?? 'sudo'),
    knownHosts: list(get('ssh_known_hosts_file', 'known_hosts')),
    sshArgs: wordsOf(name, text('ssh_args', 'ssh_common_args'), text('ssh_extra_args')),
    connectTimeout: seconds(text('connect_timeout', 'timeout') ?? '10', name) * 1000,
  })
}

const kindOf = (connection: string, name: string): Target['kind'] => {
  const kind = connectionKind(connection)
  if (kind !== undefined) return kind
  throw new ConfigError({ message: `${name}: connection '${connection}' is not offered`, hint: 'use ssh or local' })
}

const port = (text: string | undefined, name: string): number | undefined => {
  if (text === undefined) return undefined
  const number = portOf(text)
  if (number !== undefined) return number
  throw new ConfigError({ message: `${name}: '${text}' is not a port`, hint: 'write ansible_port: 22' })
}

const seconds = (text: string, name: string): number => {
  const number = secondsOf(text)
  if (number !== undefined) return number
  throw new ConfigError({ message: `${name}: '${text}' is not a number of seconds`, hint: 'write ansible_timeout: 10' })
}

const list = (value: Value | undefined): readonly string[] =>
  value === undefined ? [] : Array.isArray(value) ? value.map(String) : String(value).split(',')

/** @throws ConfigError for an open quote */
const wordsOf = (name: string, ...texts: readonly (string | undefined)[]): readonly string[] => {
  try {
    return texts.flatMap(text => shellWords(text ?? ''))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ConfigError({ message: `${name}: the arguments for ssh: ${error.message}`, hint: 'close the quote' })
  }
}
