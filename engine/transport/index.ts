import type { Connection, Target, Transport } from '../core/connection.js'
import { ConfigError } from '../core/failure.js'
import { connectLocal } from './local.js'
import { SshTransport } from './ssh.js'

export {
  type Fake,
  type FakeAnswer,
  type FakeBatch,
  type FakeContext,
  type FakeHost,
  type FakeOptions,
  type FakeRule,
  fake,
} from './fake.js'
export { pin, type ScannedKey, scanHostKeys } from './trust.js'

export interface TransportOptions {
  /** Where `.ssh` is; the user's home unless told. */
  readonly home?: string
  /** For targets of kind 'fake'. */
  readonly fake?: Transport
}

/** Reaches hosts of every kind. One for a run. */
export const createTransport = (options: TransportOptions = {}): Transport => {
  const ssh = new SshTransport(options)
  const connect = async (target: Target, more?: { readonly signal?: AbortSignal }): Promise<Connection> => {
    if (target.kind === 'ssh') return ssh.connect(target, more)
    if (target.kind === 'local') return connectLocal(target)
    if (options.fake === undefined)
      throw new ConfigError({ message: `${target.name} is a fake host, and there is no fake transport` })
    return options.fake.connect(target, more)
  }
  const close = async (): Promise<void> => {
    await Promise.all([ssh.close(), options.fake?.close()])
  }
  return { connect, close }
}
