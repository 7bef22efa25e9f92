import ssh2 from 'ssh2'
import { Unreachable } from '../../core/failure.js'
import type { Hop } from '../ssh-config/hop.js'

/** What the host offers, by what it is for. */
export type Offers = { readonly [kind: string]: string }

interface Kind {
  /** In ssh2's message. */
  readonly found: RegExp
  /** In ssh2's log, and in words. */
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

/** Why both sides find nothing that both know. */
export const mismatch = (hop: Hop, message: string, offers: Offers | undefined): Unreachable => {
  const where = `${hop.host}:${hop.port}`
  const kind = kinds.find(({ found }) => found.test(message))
  if (kind === undefined || !/no matching/.test(message))
    return new Unreachable('other', `${where}: ${message}`, `see the log of sshd on ${hop.host}`)
  const { what, keyword, logged } = kind
  const offered = offers?.[logged]
  const told = hop.algorithms[keyword.toLowerCase() as keyof Hop['algorithms']]
  const said = `${where}: there is no ${what} that both sides take`
  const theirs = offered === undefined ? '' : `; the host offers ${offered}`
  return new Unreachable('other', `${said}${theirs}`, remedy(keyword, offered ?? '', told !== undefined))
}

const remedy = (keyword: string, offered: string, isTold: boolean): string => {
  if (isTold) return `take ${keyword} out of the configuration of ssh for this host, or add one of these to it`
  if (keyword === 'HostKeyAlgorithms' && /(^|,)ssh-rsa(,|$)/.test(offered))
    return 'SHA-1 is broken: have the host make an Ed25519 key (ssh-keygen -A), or take it all the same: -o HostKeyAlgorithms=+ssh-rsa'
  if (keyword === 'KexAlgorithms' && /mlkem|sntrup/.test(offered))
    return 'tkplay knows no post-quantum key exchange: add curve25519-sha256 to KexAlgorithms in its sshd_config'
  return `add one that tkplay knows to ${keyword} in its sshd_config`
}

/** Asks the host once more, only for its offers: ssh2 tells them to its log alone, and a log of each login would cost time. */
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
    // Whatever it takes, it is declined: nobody logs in here.
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
