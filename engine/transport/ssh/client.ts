import type { Duplex } from 'node:stream'
import ssh2, { type Client, type ConnectConfig } from 'ssh2'
import { TkplayError } from '../../core/failure.js'
import { type KeyCheck, keyType, rsaBits, type ShortKey } from '../host-keys/known-hosts.js'
import type { RevokedKeys } from '../host-keys/revoked-keys.js'
import { trustCommand } from '../host-keys/trust-command.js'
import { within } from '../limits.js'
import { algorithms } from '../ssh-config/algorithms.js'
import type { SshFiles } from '../ssh-config/files.js'
import type { Hop } from '../ssh-config/hop.js'
import { login } from './auth.js'
import { explain, isDropped, type Progress } from './errors.js'
import { type HandshakeSlot, type Handshakes, pauseBefore } from './handshakes.js'
import type { KeyFiles } from './key-files.js'
import { isMismatch, offersOf } from './offers.js'
import { openProxy } from './proxy.js'

/** What all logins of a run share. */
export interface SshShared {
  readonly files: SshFiles
  readonly keys: KeyFiles
  readonly handshakes: Handshakes
  /** Logins to jump hosts, by their hop. */
  readonly jumps: Map<string, Promise<Client>>
  /** The values of `-i`, for remedies. */
  readonly inventory?: readonly string[]
}

export interface LoginOptions {
  /** The host's name in the inventory, for remedies. */
  readonly name: string
  readonly signal?: AbortSignal
}

/** Logs in. @throws Unreachable; TkplayError 'interrupted' when the signal is aborted */
export const openClient = async (hop: Hop, shared: SshShared, options: LoginOptions): Promise<Client> => {
  const progress: Progress = { connected: false, shaken: false }
  try {
    const known = shared.files.known(hop.knownHosts)
    const revoked = hop.revokedKeys === undefined ? undefined : shared.files.revoked(hop.revokedKeys)
    const hostVerifier = (key: Buffer): boolean => {
      const check = checkKey(hop, key, known.verify(hop.alias, hop.port, key), revoked)
      const trust = trustCommand(options.name, shared)
      if (check.kind !== 'trusted') progress.denied = { key, check, trust }
      return check.kind === 'trusted'
    }
    progress.login = await login(hop, shared.keys)
    const config: ConnectConfig = {
      authHandler: progress.login.handler,
      hostVerifier,
      ...algorithmsFor(hop, preferred(known.types(hop.alias, hop.port))),
      keepaliveInterval: hop.keepalive.interval,
      keepaliveCountMax: hop.keepalive.count,
    }
    return await connectRetrying(hop, shared, options, config, progress)
  } catch (error) {
    progress.offers ??= isMismatch(error) ? await offersOf(hop) : undefined
    throw explain(error as Error, hop, options.name, progress)
  }
}

/**
 * Connects, with a limited number of logins at a time. Tries again where the host drops the connection before keys are
 * exchanged, since nothing was sent to it yet.
 */
export const connectRetrying = async (
  hop: Hop,
  shared: SshShared,
  options: LoginOptions,
  config: ConnectConfig,
  progress: Progress,
): Promise<Client> => {
  const { signal } = options
  const address = {
    username: hop.user,
    readyTimeout: hop.connectTimeout,
    ...(hop.bindAddress === undefined ? {} : { localAddress: hop.bindAddress }),
    ...(hop.family === undefined ? {} : hop.family === 4 ? { forceIPv4: true } : { forceIPv6: true }),
  }
  for (let attempt = 1; ; attempt += 1) {
    const slot = await shared.handshakes.enter(hop, signal)
    progress.connected = false
    progress.shaken = false
    try {
      const way = await socket(hop, shared, options, progress)
      return await connected({ ...config, ...address, ...way }, signal, progress, slot)
    } catch (error) {
      progress.proxy &&= { ...progress.proxy, end: await progress.proxy.ended() }
      const again = isDropped(error as Error, progress) || (attempt < hop.attempts && !progress.connected)
      if (!again || isInterruption(error)) throw error
      slot.leave()
      if (!(await pauseBefore(attempt, signal))) throw error
    } finally {
      slot.leave()
    }
  }
}

const isInterruption = (error: unknown): boolean => error instanceof TkplayError && error.failure.kind === 'interrupted'

const checkKey = (hop: Hop, key: Buffer, pinned: KeyCheck, revoked: RevokedKeys | undefined): KeyCheck | ShortKey => {
  const line = revoked?.get(key.toString('base64'))
  const type = keyType(key)
  if (line !== undefined) return { kind: 'revoked', old: { file: hop.revokedKeys ?? '', line, type, key, names: [] } }
  const bits = rsaBits(key)
  if (pinned.kind !== 'trusted' || bits === undefined || bits >= hop.shortestRsa) return pinned
  return { kind: 'short', bits, wanted: hop.shortestRsa }
}

export const algorithmsFor = (
  { algorithms }: Hop,
  serverHostKey: readonly string[],
): Pick<ConnectConfig, 'algorithms'> => {
  const { kexalgorithms: kex, ciphers: cipher, macs: hmac, hostkeyalgorithms: hostKeys } = algorithms
  const lists = { serverHostKey: hostKeys ?? serverHostKey, kex, cipher, hmac }
  const defined = Object.entries(lists).flatMap(([name, list]) => (list === undefined ? [] : [[name, [...list]]]))
  return { algorithms: Object.fromEntries(defined) as NonNullable<ConnectConfig['algorithms']> }
}

/** Connects, and waits until the login is done. */
export const connected = (
  config: ConnectConfig,
  signal: AbortSignal | undefined,
  progress: Progress,
  slot?: HandshakeSlot,
): Promise<Client> =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client()
    const fail = (error: Error): void => {
      settle()
      client.destroy()
      reject(error)
    }
    const abort = (): void => fail(new TkplayError({ kind: 'interrupted' }))
    // A failing agent only means one way less to log in.
    const failed = (error: Error & { readonly level?: string }): void => {
      if (error.level === 'agent') progress.login?.tried.push(`agent (${error.message})`)
      else fail(error)
    }
    const closed = (): void => fail(new Error('the connection was closed'))
    const settle = (): void => {
      signal?.removeEventListener('abort', abort)
      client.off('close', closed)
      client.off('error', failed)
      // Users of the client listen to 'close'. An 'error' event without a listener would end the process.
      client.on('error', () => {})
    }
    if (signal?.aborted === true) return abort()
    signal?.addEventListener('abort', abort, { once: true })
    client.on('error', failed)
    client.on('close', closed)
    client.on('connect', () => {
      progress.connected = true
      slot?.answered()
      client.setNoDelay(true)
    })
    client.on('handshake', () => {
      progress.shaken = true
    })
    client.on('ready', () => {
      settle()
      resolve(client)
    })
    client.connect(config)
  })

/**
 * Host key algorithms, with those of the pinned keys first: a server shows only one key, and it should be one that can
 * be compared.
 */
const preferred = (types: ReadonlySet<string>): readonly string[] => {
  const isKnown = (one: string): boolean => types.has(one.startsWith('rsa-sha2') ? 'ssh-rsa' : one)
  const { usual } = algorithms.hostkeyalgorithms
  return [...usual.filter(isKnown), ...usual.filter(one => !isKnown(one))]
}

/** How to connect to the host: by address, through a jump host, or through a command. */
const socket = async (
  hop: Hop,
  shared: SshShared,
  options: LoginOptions,
  progress: Progress,
): Promise<ConnectConfig> => {
  if (hop.via !== undefined) {
    const { signal } = options
    const interruptible = signal === undefined ? {} : { signal }
    // Each jump host has its own timeout.
    const client = await within(jump(hop.via, shared, options), { timeout: patience, ...interruptible })
    const limits = { timeout: hop.connectTimeout, ...interruptible }
    return { sock: await within(forward(client, hop), limits, late => late.destroy()) }
  }
  if (hop.proxyCommand === undefined) return { host: hop.host, port: hop.port }
  progress.proxy = openProxy(hop.proxyCommand)
  return { sock: progress.proxy.stream }
}

/** ms; longer than the timeouts of a chain of jump hosts. */
const patience = 600_000

/** The login to a jump host, shared by all hosts behind it. */
const jump = (hop: Hop, shared: SshShared, options: LoginOptions): Promise<Client> => {
  const key = JSON.stringify([hop.user, hop.host, hop.port, hop.via?.host, hop.identities])
  const known = shared.jumps.get(key)
  if (known !== undefined) return known
  // Without the signal, since other hosts may wait for this login too.
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

/** The code of a connection that sshd could not make for the client, by sshd's message. */
const forwardCode = (message: string): string | undefined => {
  if (/refused/i.test(message)) return 'ECONNREFUSED'
  if (/timed out/i.test(message)) return 'ETIMEDOUT'
  if (/no route|unreachable/i.test(message)) return 'EHOSTUNREACH'
  return /resol|not known/i.test(message) ? 'ENOTFOUND' : undefined
}
