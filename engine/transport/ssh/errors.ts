import { TkplayError, Unreachable } from '../../core/failure.js'
import { fingerprint, hostName, type KeyCheck, keyType, type ShortKey } from '../host-keys/known-hosts.js'
import { isOutOfFiles, outOfFiles } from '../out-of-files.js'
import type { Hop } from '../ssh-config/hop.js'
import type { Login } from './auth.js'
import { mismatch, type Offers } from './offers.js'
import type { ProxyEnd, ProxyStream } from './proxy.js'

/** How far a login got. */
export interface Progress {
  connected: boolean
  /** Keys were exchanged. */
  shaken: boolean
  /** The algorithms that the host offers, where none is supported by both sides. */
  offers?: Offers | undefined
  /** The ProxyCommand, and how it ended. */
  proxy?: ProxyStream & { readonly end?: ProxyEnd | undefined }
  /** The host key that was refused. */
  denied?: {
    readonly key: Buffer
    readonly check: Exclude<KeyCheck, { readonly kind: 'trusted' }> | ShortKey
    /** The command that pins the key. */
    readonly trust: string
  }
  login?: Login
}

type SocketError = Error & { readonly code?: string; readonly level?: string }

/**
 * The failure for a login that did not succeed.
 * @param name the host's name in the inventory, for remedies
 */
export const explain = (error: SocketError, hop: Hop, name: string, progress: Progress): TkplayError => {
  if (error instanceof TkplayError) return error
  const where = `${hop.host}:${hop.port}`
  if (progress.denied !== undefined) return hostKeyError(hop, progress.denied)
  const { code, message } = error
  if (code === 'ECONNREFUSED')
    return new Unreachable(
      'refused',
      `${where} refused the connection`,
      `see that sshd runs on ${hop.host} and listens on port ${hop.port}`,
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NONAME')
    return new Unreachable(
      'unknown-name',
      `${hop.host} is not a name that can be resolved`,
      `give ${name} an address: ansible_host=…`,
    )
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'ENETDOWN' || code === 'EHOSTDOWN')
    return new Unreachable(
      'no-route',
      `there is no route to ${where}`,
      `see that ${hop.host} is up and its network is reachable from here`,
    )
  if (code === 'ETIMEDOUT' || error.level === 'client-timeout') return timedOut(hop, progress)
  if (error.level === 'client-authentication' || /too many authentication failures/i.test(message))
    return authError(hop, name, progress.login)
  if (isOutOfFiles(error)) return outOfFiles(where)
  const { proxy } = progress
  if (proxy?.end !== undefined && !progress.shaken) return proxyEnded(where, proxy.end)
  if (error.level === 'handshake' || /no matching/i.test(message)) return mismatch(hop, message, progress.offers)
  if (isDropped(error, progress))
    return new Unreachable(
      'lost',
      `${where} ended the connection before the login was done, each time it was tried: ${message}`,
      `see the log of sshd on ${hop.host}; it may take fewer logins at a time than come: MaxStartups in its sshd_config`,
    )
  return new Unreachable(
    'lost',
    `${where} ended the connection before the login was done: ${message}`,
    `see the log of sshd on ${hop.host}`,
  )
}

/**
 * Whether the host closed the connection before keys were exchanged, as sshd does when too many logins are under way.
 */
export const isDropped = (error: SocketError, { connected, shaken, denied, proxy }: Progress): boolean => {
  if (!connected || shaken || denied !== undefined || error instanceof TkplayError) return false
  if (proxy?.end !== undefined && !/kex_exchange_identification|reset by peer/.test(proxy.end.stderr)) return false
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return true
  return error.code === undefined && /lost before handshake|connection was closed/i.test(error.message)
}

const proxyEnded = (where: string, { command, code, stderr }: ProxyEnd): Unreachable =>
  new Unreachable(
    'lost',
    `the ProxyCommand to ${where} ended before the login was done, with ${code}`,
    'run the command by hand and read its output',
    { command, stderr },
  )

const timedOut = (hop: Hop, { connected }: Progress): Unreachable => {
  const seconds = hop.connectTimeout / 1000
  return connected
    ? new Unreachable(
        'timeout',
        `${hop.host}:${hop.port} took the connection but did not finish the login within ${seconds} s`,
        `see that sshd on ${hop.host} is well, or wait longer: --timeout`,
      )
    : new Unreachable(
        'timeout',
        `${hop.host}:${hop.port} did not answer within ${seconds} s`,
        `see that ${hop.host} is up and that no firewall is in the way, or wait longer: --timeout`,
      )
}

const authError = (hop: Hop, name: string, login: Login | undefined): Unreachable => {
  const tried = login?.tried ?? []
  const accepts = login?.accepts?.length ? `; it takes ${login.accepts.join(', ')}` : ''
  const what = `tried ${tried.join(', ') || 'nothing'}${accepts}`
  return tried.includes('password') || tried.includes('keyboard-interactive')
    ? new Unreachable(
        'auth',
        `${hop.host}:${hop.port} refused the password of ${hop.user}; ${what}`,
        `give the password that ${hop.user} has on ${name}: by --ask-pass (-k), or in ansible_password`,
      )
    : new Unreachable(
        'auth',
        `${hop.host}:${hop.port} refused the login of ${hop.user}; ${what}`,
        `give the user and key that ${name} knows: ansible_user and ansible_ssh_private_key_file, or --user and --private-key`,
      )
}

const hostKeyError = (hop: Hop, { key, check, trust }: NonNullable<Progress['denied']>): Unreachable => {
  const known = hostName(hop.alias, hop.port)
  const shown = `${keyType(key)} ${fingerprint(key)}`
  if (check.kind === 'unknown')
    return new Unreachable(
      'host-key-unknown',
      `the key of ${known} is not known: ${shown}`,
      `compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub), then: ${trust}`,
    )
  if (check.kind === 'short')
    return new Unreachable(
      'host-key-changed',
      `the key of ${known} has ${check.bits} bits, and RequiredRSASize wants ${check.wanted}: ${shown}`,
      `have the host make a longer key (ssh-keygen -A makes an Ed25519 key too), then: ${trust}`,
    )
  const { old } = check
  const source = `${old.file}:${old.line}`
  if (check.kind === 'changed')
    return new Unreachable(
      'host-key-changed',
      `${known} shows another key than before: ${shown}; known is ${old.type} ${fingerprint(old.key)} (${source})`,
      `only if the host was installed anew: delete line ${old.line} of ${old.file}, then: ${trust}`,
    )
  if (check.kind === 'revoked')
    return new Unreachable(
      'host-key-changed',
      `the key of ${known} is revoked by ${source}: ${shown}`,
      `have the host make new keys (ssh-keygen -A), then: ${trust}`,
    )
  return new Unreachable(
    'host-key-unknown',
    `${known} is known by a certificate authority only (${source}), and certificates of hosts are not supported: ${shown}`,
    `pin its plain key: ${trust}`,
  )
}
