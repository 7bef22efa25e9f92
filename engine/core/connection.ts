import type { Raw, RunAs } from './module.js'
import type { Secret } from './value.js'

/** One piece of shell text to run in a batch. */
export interface Job {
  readonly sh: string
  /** ms; none unless told. Ended on the host too, with its process group. */
  readonly timeout?: number
  /** Its standard input; /dev/null unless told. Never stands in an argv. */
  readonly stdin?: Uint8Array
  readonly env?: { readonly [name: string]: string }
  readonly cwd?: string
  /** Goes on when the client is gone: it waits for what outlives the client. All else is ended then. */
  readonly survives?: true
}

export interface Answer extends Raw {
  readonly timedOut: boolean
  /** It printed more than is taken, and was ended: the rest of its output is not there. */
  readonly flooded?: true
}

/** One long-lived shell on a host as one user. Batches queue; each is one round trip. */
export interface Channel {
  /** One answer a job, in order. @throws Unreachable 'lost' when the channel ends before all have answered. */
  run(jobs: readonly Job[], options?: BatchOptions): Promise<readonly Answer[]>
  close(): void
}

export interface BatchOptions {
  /** Ends what runs on the host, then rejects with an interrupted failure. */
  readonly signal?: AbortSignal
}

/** A host that was reached. */
export interface Connection {
  /** user@address:port — part of the key of an observation. */
  readonly target: string
  /** The channel for that user, opened on first use and then kept. @throws Unreachable */
  channel(as: RunAs): Promise<Channel>
  /** Who that is here: those of whom it says the same share a channel, as `login` and `root` do where root logs in. */
  userOf(as: RunAs): string
  /** New channels for whoever asks from now on, so that new groups and environment are seen. What runs on the old ones is finished. */
  reopen(): void
  /** Round trips so far: batches sent on any channel. What connecting itself took is not counted. */
  readonly roundTrips: number
  close(): Promise<void>
}

/** How to reach a host: made of its variables by the engine. */
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
  /** Files of known_hosts lines, besides the user's own. */
  readonly knownHosts: readonly string[]
  /** Extra `ssh` words that we understand: -o Key=Value, -J, -F, -i, -p. */
  readonly sshArgs: readonly string[]
  /** ms for reaching and authenticating. */
  readonly connectTimeout: number
  readonly environment?: { readonly [name: string]: string }
}

/** Reaches hosts. One for a run; it shares agents, configuration and known keys between them. */
export interface Transport {
  connect(target: Target, options?: { readonly signal?: AbortSignal }): Promise<Connection>
  close(): Promise<void>
}
