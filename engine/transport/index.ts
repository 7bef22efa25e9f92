import type { Connection, Target, Transport } from '../core/connection.js'
import { ConfigError } from '../core/failure.js'

export interface TransportOptions {
  /** Where `.ssh` is; the user's home unless told. */
  readonly home?: string
  /** As it was given, for remedies. */
  readonly inventory?: readonly string[]
  /** For targets of kind 'fake'. */
  readonly fake?: Transport
}

/** Reaches hosts of every kind. One for a run. Each kind is loaded when the first host of it is reached: ssh2 takes its time. */
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
