import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import ssh2, { type Client, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2'
import { TkplayError } from '../core/failure.js'
import { within } from './limits.js'
import { login } from './ssh-auth.js'
import { explain, type Progress } from './ssh-errors.js'
import type { SshFiles } from './ssh-files.js'
import type { KeyFiles } from './ssh-keys.js'
import type { Hop } from './ssh-route.js'

/** What logins of one run share. */
export interface SshShared {
  readonly files: SshFiles
  readonly keys: KeyFiles
  /** Logged-in hosts on the way to others, by their hop. */
  readonly jumps: Map<string, Promise<Client>>
}

export interface LoginOptions {
  /** The inventory's name, for remedies. */
  readonly name: string
  readonly signal?: AbortSignal
}

/** Logs in. @throws Unreachable, or interrupted when the signal says so */
export const openClient = async (hop: Hop, shared: SshShared, options: LoginOptions): Promise<Client> => {
  const known = shared.files.known(hop.knownHosts)
  const progress: Progress = { connected: false }
  const types = known.types(hop.alias, hop.port)
  const hostVerifier = (key: Buffer): boolean => {
    const verdict = known.judge(hop.alias, hop.port, key)
    if (verdict.kind !== 'trusted') progress.denied = { key, verdict }
    return verdict.kind === 'trusted'
  }
  try {
    progress.login = await login(hop, shared.keys)
    const way = await socket(hop, shared, options)
    const config: ConnectConfig = {
      ...way,
      username: hop.user,
      authHandler: progress.login.handler,
      hostVerifier,
      algorithms: { serverHostKey: preferred(types) },
      readyTimeout: hop.connectTimeout,
      keepaliveInterval: hop.keepalive.interval,
      keepaliveCountMax: hop.keepalive.count,
    }
    return await connected(config, options.signal, progress)
  } catch (error) {
    throw explain(error as Error, hop, options.name, progress)
  }
}

/** Connects and waits until the login is done. */
export const connected = (
  config: ConnectConfig,
  signal: AbortSignal | undefined,
  progress: Progress,
): Promise<Client> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    const fail = (error: Error): void => {
      settle()
      client.destroy()
      reject(error)
    }
    const abort = (): void => fail(new TkplayError({ kind: 'interrupted' }))
    // An agent that fails is one way less to log in, no more.
    const failed = (error: Error & { readonly level?: string }): void => {
      if (error.level === 'agent') progress.login?.tried.push(`agent (${error.message})`)
      else fail(error)
    }
    const closed = (): void => fail(new Error('the connection was closed'))
    const settle = (): void => {
      signal?.removeEventListener('abort', abort)
      client.off('close', closed)
      client.off('error', failed)
      // Whoever holds the client hears 'close'; an error without a listener would end the process.
      client.on('error', () => {})
    }
    if (signal?.aborted === true) return abort()
    signal?.addEventListener('abort', abort, { once: true })
    client.on('error', failed)
    client.on('close', closed)
    client.on('connect', () => {
      progress.connected = true
      client.setNoDelay(true)
    })
    client.on('ready', () => {
      settle()
      resolve(client)
    })
    client.connect(config)
  })

const algorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
]

/** Those of the known keys first: a server shows one key only, and it should be one that can be compared. */
const preferred = (types: ReadonlySet<string>): ServerHostKeyAlgorithm[] => {
  const isKnown = (one: string): boolean => types.has(one.startsWith('rsa-sha2') ? 'ssh-rsa' : one)
  return [...algorithms.filter(isKnown), ...algorithms.filter(one => !isKnown(one))]
}

/** The way to the host: by a socket that ssh2 opens, through another host, or through a command. */
export const socket = async (hop: Hop, shared: SshShared, options: LoginOptions): Promise<ConnectConfig> => {
  if (hop.via !== undefined) {
    const { signal } = options
    const interruptible = signal === undefined ? {} : { signal }
    // Each host on the way has its own timeout.
    const client = await within(jump(hop.via, shared, options), { timeout: patience, ...interruptible })
    const limits = { timeout: hop.connectTimeout, ...interruptible }
    return { sock: await within(forward(client, hop), limits, late => late.destroy()) }
  }
  return hop.proxyCommand === undefined ? { host: hop.host, port: hop.port } : { sock: piped(hop.proxyCommand) }
}

/** ms; longer than any chain of timeouts. */
const patience = 600_000

/** Logged in once for all that go through it. */
const jump = (hop: Hop, shared: SshShared, options: LoginOptions): Promise<Client> => {
  const key = JSON.stringify([hop.user, hop.host, hop.port, hop.via?.host, hop.identities])
  const known = shared.jumps.get(key)
  if (known !== undefined) return known
  // Without the signal: others may wait for it too.
  const opening = openClient(hop, shared, { name: options.name })
  shared.jumps.set(key, opening)
  const forget = (): boolean => shared.jumps.delete(key)
  opening.then(client => client.once('close', forget), forget)
  return opening
}

const forward = (client: Client, hop: Hop): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, hop.host, hop.port, (error, stream) => {
      if (error === undefined || error === null) resolve(stream)
      else reject(Object.assign(error, { code: forwardCode(error.message) }))
    })
  })

/** What sshd says of a connection that it could not make for us. */
const forwardCode = (message: string): string | undefined => {
  if (/refused/i.test(message)) return 'ECONNREFUSED'
  if (/timed out/i.test(message)) return 'ETIMEDOUT'
  if (/no route|unreachable/i.test(message)) return 'EHOSTUNREACH'
  return /resol|not known/i.test(message) ? 'ENOTFOUND' : undefined
}

const piped = (command: string): Duplex => {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'ignore'] })
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
  stream.once('close', () => child.kill())
  return stream
}
