import type { Connection, Target, Transport } from '../core/connection.js'
import { ConfigError } from '../core/failure.js'

export interface TransportOptions {
  /** The folder that contains `.ssh`; the user's home by default. */
  readonly home?: string
  /** The values of `-i`, for remedies. */
  readonly inventory?: readonly string[]
  /** The transport for targets of kind 'fake'. */
  readonly fake?: Transport
}

/**
 * A transport for all kinds of connections, one for a run. The code of a kind is loaded with its first host, since
 * loading ssh2 takes long.
 */
export const createTransport = (options: TransportOptions = {}): Transport => {
  let ssh: Promise<Transport> | undefined
  const overSsh = async (): Promise<Transport> => new (await import('./ssh/transport.js')).SshTransport(options)
  const connect = async (target: Target, more?: { readonly signal?: AbortSignal }): Promise<Connection> => {
    if (target.kind === 'local') return (await import('./local.js')).connectLocal(target)
    if (target.kind === 'ssh') {
      ssh ??= overSsh()
      return (await ssh).connect(target, more)
    }
    if (options.fake === undefined)
      throw new ConfigError({ message: `${target.name} is a fake host, and there is no fake transport` })
    return options.fake.connect(target, more)
  }
  const close = async (): Promise<void> => {
    await Promise.all([ssh?.then(one => one.close()), options.fake?.close()])
  }
  return { connect, close }
}
