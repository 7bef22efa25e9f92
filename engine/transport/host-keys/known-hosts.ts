import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { wildcard } from '../wildcard.js'

export interface KnownKey {
  readonly file: string
  readonly line: number
  /** `ssh-ed25519`, `ssh-rsa`, … */
  readonly type: string
  readonly key: Buffer
  readonly marker?: 'revoked' | 'cert-authority'
  /** Patterns, or one hashed name. */
  readonly names: readonly string[]
}

export type KeyCheck =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'unknown' }
  /** Another key is pinned for this host. */
  | { readonly kind: 'changed'; readonly old: KnownKey }
  | { readonly kind: 'revoked'; readonly old: KnownKey }
  /** Only a certificate authority is pinned for this host; host certificates are not supported. */
  | { readonly kind: 'authority'; readonly old: KnownKey }

/** A pinned RSA key that is shorter than RequiredRSASize. */
export interface ShortKey {
  readonly kind: 'short'
  readonly bits: number
  readonly wanted: number
}

/** Parses known_hosts (format: sshd(8)). Like ssh, it ignores invalid lines. */
export const parseKnownHosts = (text: string, file: string): readonly KnownKey[] =>
  text.split('\n').flatMap((line, index): readonly KnownKey[] => {
    const fields = line.trim().split(/\s+/)
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined
    const [names, type, body] = fields
    if (names === undefined || names.startsWith('#') || type === undefined || body === undefined) return []
    const key = Buffer.from(body, 'base64')
    if (keyType(key) !== type) return []
    const known = { file, line: index + 1, type, key, names: names.split(',') }
    if (marker === undefined) return [known]
    if (marker === '@revoked') return [{ ...known, marker: 'revoked' }]
    return marker === '@cert-authority' ? [{ ...known, marker: 'cert-authority' }] : []
  })

/** The name of a host in known_hosts: with the port, unless that is 22. */
export const hostName = (host: string, port: number): string => (port === 22 ? host : `[${host}]:${port}`).toLowerCase()

/**
 * The keys of several files. A large known_hosts has thousands of lines, so plain names are looked up in a map; only
 * lines with patterns or hashes are searched.
 */
export class KnownHosts {
  readonly #plain = new Map<string, KnownKey[]>()
  readonly #patterns: readonly KnownKey[]
  readonly #found = new Map<string, readonly KnownKey[]>()

  constructor(keys: readonly KnownKey[]) {
    this.#patterns = keys.filter(({ names }) => names.some(name => /[*?!|]/.test(name)))
    const patterns = new Set(this.#patterns)
    for (const key of keys) {
      if (patterns.has(key)) continue
      for (const name of key.names) {
        const known = this.#plain.get(name.toLowerCase())
        if (known === undefined) this.#plain.set(name.toLowerCase(), [key])
        else known.push(key)
      }
    }
  }

  /** Compares the key that a host shows with the pinned keys. */
  verify(host: string, port: number, key: Buffer): KeyCheck {
    const known = this.#keys(hostName(host, port))
    const revoked = known.find(one => one.marker === 'revoked' && one.key.equals(key))
    if (revoked !== undefined) return { kind: 'revoked', old: revoked }
    const plain = known.filter(one => one.marker === undefined)
    if (plain.some(one => one.key.equals(key))) return { kind: 'trusted' }
    const old = plain.find(one => one.type === keyType(key)) ?? plain[0]
    if (old !== undefined) return { kind: 'changed', old }
    // Like ssh: a key that is pinned for the host without a port is valid for all its ports.
    if (port !== 22 && this.verify(host, 22, key).kind === 'trusted') return { kind: 'trusted' }
    const authority = known.find(one => one.marker === 'cert-authority')
    return authority === undefined ? { kind: 'unknown' } : { kind: 'authority', old: authority }
  }

  /** The types of the keys that are pinned for a host, so that the server can be asked for one of them. */
  types(host: string, port: number): ReadonlySet<string> {
    const known = [...this.#keys(hostName(host, port)), ...(port === 22 ? [] : this.#keys(hostName(host, 22)))]
    return new Set(known.filter(one => one.marker === undefined).map(one => one.type))
  }

  #keys(name: string): readonly KnownKey[] {
    const known = this.#found.get(name)
    if (known !== undefined) return known
    const found = [...(this.#plain.get(name) ?? []), ...this.#patterns.filter(({ names }) => matches(names, name))]
    this.#found.set(name, found)
    return found
  }
}

const matches = (names: readonly string[], name: string): boolean => {
  let found = false
  for (const pattern of names) {
    if (pattern.startsWith('|1|')) found ||= matchesHash(pattern, name)
    else if (!pattern.startsWith('!')) found ||= wildcard(pattern, name)
    else if (wildcard(pattern.slice(1), name)) return false
  }
  return found
}

const matchesHash = (hashed: string, name: string): boolean => {
  const [, , salt = '', sum = ''] = hashed.split('|')
  const expected = Buffer.from(sum, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

/** The type inside a public key in SSH's wire format; '' where the bytes are no key. */
export const keyType = (key: Buffer): string => {
  const length = key.length < 4 ? 0 : key.readUInt32BE(0)
  return length > 0 && length <= key.length - 4 ? key.toString('latin1', 4, 4 + length) : ''
}

/** The length of an RSA key in bits; undefined for other types. */
export const rsaBits = (key: Buffer): number | undefined => {
  if (keyType(key) !== 'ssh-rsa') return undefined
  // The key consists of type, exponent and modulus, each after its length.
  const exponent = 4 + key.readUInt32BE(0)
  const modulus = exponent + 4 + key.readUInt32BE(exponent)
  const bytes = key.subarray(modulus + 4)
  const first = bytes.findIndex(byte => byte !== 0)
  return first === -1 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first] ?? 0) - 24)
}

/** The fingerprint as `ssh-keygen -l` prints it: `SHA256:…`. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
