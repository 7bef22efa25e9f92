import type { Secret } from '../../core/value.js'
import type { AlgorithmKind } from './algorithms.js'

export type AuthMethod = 'publickey' | 'password' | 'keyboard-interactive'

/** All settings for one ssh login, from the target's variables, the ssh arguments, and ssh's files. */
export interface Hop {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The host's name in known_hosts (HostKeyAlias). */
  readonly alias: string
  readonly knownHosts: readonly string[]
  /** The known_hosts file to which new keys are added; undefined where none of the files is the user's. */
  readonly pinFile?: string
  /** A file of keys that no host may use. */
  readonly revokedKeys?: string
  /** Bits; a shorter RSA host key is refused. */
  readonly shortestRsa: number
  /** Key files: those that are configured, or else the default ones. */
  readonly identities: readonly { readonly file: string; readonly asked: boolean }[]
  /** Whether to use only these keys, and no others of the agent. */
  readonly identitiesOnly: boolean
  /** The path of the agent's socket. */
  readonly agent: string | undefined
  readonly password: Secret<string> | undefined
  readonly passphrase: Secret<string> | undefined
  /** The authentication methods: those that the configuration turns off, and its order, if it has one. */
  readonly methods: { readonly order?: readonly string[]; readonly off: readonly AuthMethod[] }
  /** The algorithms of the kinds that the configuration sets. */
  readonly algorithms: { readonly [kind in AlgorithmKind]?: readonly string[] }
  /** The jump host: logged in to first; the connection goes through it. */
  readonly via: Hop | undefined
  /** A command whose standard input and output are the connection. */
  readonly proxyCommand: string | undefined
  /** The command before tokens are replaced: equal for all hosts that use the same ProxyCommand. */
  readonly proxy?: string
  readonly bindAddress?: string
  readonly family?: 4 | 6
  /** How often to try to connect. */
  readonly attempts: number
  /** ms */
  readonly connectTimeout: number
  readonly keepalive: { readonly interval: number; readonly count: number }
  /** SetEnv and SendEnv. */
  readonly env: { readonly [name: string]: string }
}
