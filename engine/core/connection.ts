import type { Raw, RunAs } from './module.js'
import type { Secret } from './value.js'

/** One piece of shell text to run in a batch. */
export interface Job {
  readonly sh: string
  /** ms; no limit by default. When the time is up, the job's processes on the host are ended too. */
  readonly timeout?: number
  /** Standard input of the job; /dev/null by default. The bytes never appear in an argv, which other users could see. */
  readonly stdin?: Uint8Array
  readonly env?: { readonly [name: string]: string }
  readonly cwd?: string
  /**
   * The job goes on when the connection to tkplay is lost, because it waits for something that also goes on (a transient
   * unit). The host ends all other jobs then.
   */
  readonly survives?: true
}

export interface Answer extends Raw {
  readonly timedOut: boolean
  /** The job printed more than tkplay accepts and was ended. `stdout` and `stderr` hold only the beginning. */
  readonly flooded?: true
}

/** One long-lived shell on a host, for one user. Batches run one after the other; each is one round trip. */
export interface Channel {
  /** One answer for each job, in the same order. @throws Unreachable 'lost' when the channel ends before the last answer. */
  run(jobs: readonly Job[], options?: BatchOptions): Promise<readonly Answer[]>
  close(): void
}

export interface BatchOptions {
  /** When aborted: the jobs at work on the host are ended, then `run` rejects with an interrupted failure. */
  readonly signal?: AbortSignal
}

/** An open connection to a host. */
export interface Connection {
  /** `user@address:port`; part of the key under which observations are kept. */
  readonly target: string
  /** The channel for a user: opened on first use, then kept. @throws Unreachable */
  channel(as: RunAs): Promise<Channel>
  /** The name of the user. Two `RunAs` with the same name share a channel: `login` and `root`, where root logs in. */
  userOf(as: RunAs): string
  /**
   * From now on `channel` opens new channels, so that a change of groups or login environment takes effect. Batches on the
   * old channels run to their end.
   */
  reopen(): void
  /** Batches sent so far, on all channels. Connecting and logging in are not counted. */
  readonly roundTrips: number
  close(): Promise<void>
}

/** How to connect to a host. The engine builds it from the host's variables. */
export interface Target {
  readonly name: string
  readonly kind: 'ssh' | 'local' | 'fake'
  readonly address: string
  readonly port?: number
  readonly user?: string
  readonly password?: Secret<string>
  readonly keyFile?: string
  readonly keyPassphrase?: Secret<string>
  readonly becomePassword?: Secret<string>
  readonly becomeMethod?: 'sudo' | 'su'
  /** Paths of known_hosts files, in addition to the user's own. */
  readonly knownHosts: readonly string[]
  /** Extra arguments of `ssh`; supported are -o Key=Value, -J, -F, -i and -p. */
  readonly sshArgs: readonly string[]
  /** ms, for connecting and logging in together. */
  readonly connectTimeout: number
  readonly environment?: { readonly [name: string]: string }
}

/** Opens connections. A run has one transport, so that all hosts share agents, configuration and known host keys. */
export interface Transport {
  connect(target: Target, options?: { readonly signal?: AbortSignal }): Promise<Connection>
  close(): Promise<void>
}
