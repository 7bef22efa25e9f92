import type { Secret } from '../../core/value.js'
import type { AlgorithmKind } from './algorithms.js'

export type AuthMethod = 'publickey' | 'password' | 'keyboard-interactive'

/** One ssh login: all that is needed for it, from the target's variables, the words for ssh, and ssh's files. */
export interface Hop {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The name that known_hosts knows it by (HostKeyAlias). */
  readonly alias: string
  readonly knownHosts: readonly string[]
  /** The one of them for keys that are new; absent where none is the user's to write. */
  readonly pinFile?: string
  /** A file of keys that no host may show. */
  readonly revokedKeys?: string
  /** Bits; a shorter RSA key of a host is not taken. */
  readonly shortestRsa: number
  /** Key files that were asked for, then the usual ones. */
  readonly identities: readonly { readonly file: string; readonly asked: boolean }[]
  /** Only these keys, no others of the agent. */
  readonly identitiesOnly: boolean
  /** The agent's socket. */
  readonly agent: string | undefined
  readonly password: Secret<string> | undefined
  readonly passphrase: Secret<string> | undefined
  /** What the configuration lets be tried, in its order where it says one. */
  readonly methods: { readonly order?: readonly string[]; readonly off: readonly AuthMethod[] }
  /** Where the configuration says which. */
  readonly algorithms: { readonly [kind in AlgorithmKind]?: readonly string[] }
  /** Logged into first; the connection goes through it. */
  readonly via: Hop | undefined
  /** A command whose input and output are the connection. */
  readonly proxyCommand: string | undefined
  /** That command as it is configured: the same for all hosts that go through the same. */
  readonly proxy?: string
  readonly bindAddress?: string
  readonly family?: 4 | 6
  /** How often a connection is tried where none comes about. */
  readonly attempts: number
  /** ms */
  readonly connectTimeout: number
  readonly keepalive: { readonly interval: number; readonly count: number }
  /** SetEnv and SendEnv. */
  readonly env: { readonly [name: string]: string }
}
