import ssh2 from 'ssh2'
import { Unreachable } from '../../core/failure.js'
import type { Hop } from '../ssh-config/hop.js'

/** The algorithms that a host offers, by kind as ssh2's log names it. */
export type Offers = { readonly [kind: string]: string }

interface Kind {
  /** Matches ssh2's error message. */
  readonly found: RegExp
  /** The name in ssh2's log. */
  readonly logged: string
  readonly what: string
  readonly keyword: string
}

const kinds: readonly Kind[] = [
  { found: /key exchange/, logged: 'KEX method', what: 'key exchange', keyword: 'KexAlgorithms' },
  { found: /host key/, logged: 'Host key format', what: 'signature of a host key', keyword: 'HostKeyAlgorithms' },
  { found: /cipher/, logged: 'C->S cipher', what: 'cipher', keyword: 'Ciphers' },
  { found: /MAC/, logged: 'C->S MAC', what: 'MAC', keyword: 'MACs' },
]

export const isMismatch = (error: unknown): boolean => error instanceof Error && /no matching/.test(error.message)

/** The failure where no algorithm is supported by both sides. */
export const mismatch = (hop: Hop, message: string, offers: Offers | undefined): Unreachable => {
  const where = `${hop.host}:${hop.port}`
  const kind = kinds.find(({ found }) => found.test(message))
  if (kind === undefined || !/no matching/.test(message))
    return new Unreachable('other', `${where}: ${message}`, `see the log of sshd on ${hop.host}`)
  const { what, keyword, logged } = kind
  const offered = offers?.[logged]
  const configured = hop.algorithms[keyword.toLowerCase() as keyof Hop['algorithms']]
  const problem = `${where}: there is no ${what} that both sides take`
  const theirs = offered === undefined ? '' : `; the host offers ${offered}`
  return new Unreachable('other', `${problem}${theirs}`, remedy(keyword, offered ?? '', configured !== undefined))
}

const remedy = (keyword: string, offered: string, isConfigured: boolean): string => {
  if (isConfigured) return `take ${keyword} out of the configuration of ssh for this host, or add one of these to it`
  if (keyword === 'HostKeyAlgorithms' && /(^|,)ssh-rsa(,|$)/.test(offered))
    return 'SHA-1 is broken: have the host make an Ed25519 key (ssh-keygen -A), or take it all the same: -o HostKeyAlgorithms=+ssh-rsa'
  if (keyword === 'KexAlgorithms' && /mlkem|sntrup/.test(offered))
    return 'tkplay knows no post-quantum key exchange: add curve25519-sha256 to KexAlgorithms in its sshd_config'
  return `add one that tkplay knows to ${keyword} in its sshd_config`
}

/**
 * Connects once more to learn what the host offers: ssh2 writes that to its log only, and logging each login would be
 * slow.
 */
export const offersOf = (hop: Hop): Promise<Offers | undefined> => {
  if (hop.via !== undefined || hop.proxyCommand !== undefined) return Promise.resolve(undefined)
  return new Promise(resolve => {
    const offers: { [kind: string]: string } = {}
    const client = new ssh2.Client()
    const done = (): void => {
      client.destroy()
      resolve(offers)
    }
    const debug = (line: string): void => {
      const [, logged, list] = /^Handshake: \(remote\) ([^:]+): (.+)$/.exec(line) ?? []
      if (logged !== undefined && list !== undefined) offers[logged] = list
    }
    client.on('error', done).on('close', done)
    // Any host key is refused, so that no login takes place.
    client.connect({
      host: hop.host,
      port: hop.port,
      username: hop.user,
      readyTimeout: hop.connectTimeout,
      hostVerifier: () => false,
      debug,
      algorithms: algorithmsLike(hop),
    })
  })
}

const algorithmsLike = ({ algorithms: { kexalgorithms } }: Hop) =>
  kexalgorithms === undefined ? {} : { kex: [...kexalgorithms] as never[] }
