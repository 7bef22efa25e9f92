import { ConfigError } from '../../core/failure.js'
import { wildcard } from '../wildcard.js'

export type AlgorithmKind = 'kexalgorithms' | 'hostkeyalgorithms' | 'ciphers' | 'macs'

interface Known {
  readonly keyword: string
  /** The default list, the best first. */
  readonly usual: readonly string[]
  /** Weak algorithms, which only a configuration can add. */
  readonly weak: readonly string[]
}

/** The algorithms that ssh2 supports. SHA-1 signatures of host keys are off by default, as in OpenSSH since 8.8. */
export const algorithms: { readonly [kind in AlgorithmKind]: Known } = {
  kexalgorithms: {
    keyword: 'KexAlgorithms',
    usual: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group-exchange-sha256',
      'diffie-hellman-group14-sha256',
      'diffie-hellman-group15-sha512',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group17-sha512',
      'diffie-hellman-group18-sha512',
    ],
    weak: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  },
  hostkeyalgorithms: {
    keyword: 'HostKeyAlgorithms',
    usual: [
      'ssh-ed25519',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
      'rsa-sha2-512',
      'rsa-sha2-256',
    ],
    weak: ['ssh-rsa'],
  },
  ciphers: {
    keyword: 'Ciphers',
    usual: [
      'aes128-gcm@openssh.com',
      'aes256-gcm@openssh.com',
      'aes128-ctr',
      'aes192-ctr',
      'aes256-ctr',
      'chacha20-poly1305@openssh.com',
    ],
    weak: ['aes256-cbc', 'aes192-cbc', 'aes128-cbc'],
  },
  macs: {
    keyword: 'MACs',
    usual: [
      'hmac-sha2-256-etm@openssh.com',
      'hmac-sha2-512-etm@openssh.com',
      'hmac-sha1-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
      'hmac-sha1',
    ],
    weak: [],
  },
}

/**
 * The algorithms that a configuration selects: a list in its order, or a list after `+` (add), `-` (remove, with
 * wildcards) or `^` (put first). Unknown names are ignored. @throws ConfigError where the list is empty
 */
export const chosen = (kind: AlgorithmKind, value: string): readonly string[] => {
  const { keyword, usual, weak } = algorithms[kind]
  const sign = /^[-+^]/.exec(value)?.[0] ?? ''
  const names = value.slice(sign.length).split(',')
  const known = [...usual, ...weak]
  const named = names.filter(name => known.includes(name))
  const list = {
    '': named,
    '+': [...usual, ...named],
    '-': usual.filter(one => !names.some(name => wildcard(name, one))),
    '^': [...named, ...usual],
  }[sign] as readonly string[]
  if (list.length > 0) return [...new Set(list)]
  throw new ConfigError({
    message: `${keyword} ${value} is not supported: nothing of it is known here`,
    hint: `add one of these: ${usual.join(', ')}`,
  })
}
