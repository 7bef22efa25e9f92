import { OperationError } from '../../python/kinds.js'

/** An IP address, perhaps with the network it stands in. */
export interface Address {
  readonly version: 4 | 6
  readonly value: bigint
  readonly prefix: number
  /** Whether a prefix was written. */
  readonly hasPrefix: boolean
}

export const bits = (version: 4 | 6): number => (version === 4 ? 32 : 128)

/** RFC 4291 and dotted quads, with `/24` or `/255.255.255.0`; undefined where it is none. */
export const parseAddress = (written: string): Address | undefined => {
  const [host = '', suffix, ...more] = written.trim().split('/')
  if (more.length > 0) return undefined
  const four = parseFour(host)
  const value = four ?? parseSix(host)
  if (value === undefined) return undefined
  const version = four === undefined ? 6 : 4
  const prefix = suffix === undefined ? bits(version) : parsePrefix(suffix, version)
  return prefix === undefined ? undefined : { version, value, prefix, hasPrefix: suffix !== undefined }
}

const parseFour = (written: string): bigint | undefined => {
  const parts = written.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

const parseSix = (written: string): bigint | undefined => {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(written)
  const tail = dotted === null ? undefined : parseFour(dotted[2] ?? '')
  if (dotted !== null && tail === undefined) return undefined
  const text =
    tail === undefined ? written : `${dotted?.[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
  const halves = text.split('::')
  if (halves.length > 2 || !text.includes(':')) return undefined
  const [head = [], rest = []] = halves.map(half => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - rest.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...rest]
  if (!groups.every(group => /^[\da-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n)
}

const parsePrefix = (suffix: string, version: 4 | 6): number | undefined => {
  if (/^\d{1,3}$/.test(suffix)) return Number(suffix) <= bits(version) ? Number(suffix) : undefined
  const mask = version === 4 ? parseFour(suffix) : undefined
  if (mask === undefined) return undefined
  const length = Array.from({ length: 33 }, (_, index) => index).find(one => maskOf(4, one) === mask)
  return length ?? Array.from({ length: 33 }, (_, index) => index).find(one => (maskOf(4, one) ^ 0xffffffffn) === mask)
}

export const maskOf = (version: 4 | 6, prefix: number): bigint =>
  ((1n << BigInt(prefix)) - 1n) << BigInt(bits(version) - prefix)

export const networkOf = ({ version, value, prefix }: Address): bigint => value & maskOf(version, prefix)

export const sizeOf = ({ version, prefix }: Address): bigint => 1n << BigInt(bits(version) - prefix)

export const lastOf = (address: Address): bigint => networkOf(address) + sizeOf(address) - 1n

/** RFC 5952 for IPv6. */
export const formatAddress = (version: 4 | 6, value: bigint): string => {
  if (value < 0n || value >> BigInt(bits(version)) !== 0n)
    throw new OperationError('the address is outside of the address space')
  if (version === 4) return [24n, 16n, 8n, 0n].map(shift => String((value >> shift) & 255n)).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16))
  const runs = groups.join(':').match(/(?:^|(?<=:))0(?::0)+(?=:|$)/g) ?? []
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '')
  if (longest === '') return groups.join(':')
  const joined = groups.join(':')
  const at = joined.search(new RegExp(`(?:^|(?<=:))${longest}(?=:|$)`))
  return `${joined.slice(0, at).replace(/:$/, '')}::${joined.slice(at + longest.length).replace(/^:/, '')}`
}

const blocks = (list: readonly string[]): readonly Address[] => list.map(one => parseAddress(one) as Address)

const privateBlocks = blocks(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'])
const localBlocks = blocks(['169.254.0.0/16', 'fe80::/10'])
const loopbackBlocks = blocks(['127.0.0.0/8', '::1/128'])
const multicastBlocks = blocks(['224.0.0.0/4', 'ff00::/8'])
const reservedBlocks = blocks([
  '0.0.0.0/8',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '240.0.0.0/4',
  '::/128',
  '2001:db8::/32',
])

/** Whether the address stands in the network. */
export const isInside = (address: Address, network: Address): boolean =>
  address.version === network.version &&
  address.prefix >= network.prefix &&
  (address.value & maskOf(network.version, network.prefix)) === networkOf(network)

const isAmong =
  (list: readonly Address[]) =>
  (address: Address): boolean =>
    list.some(one => isInside({ ...address, prefix: bits(address.version) }, one))

export const isPrivate = isAmong(privateBlocks)
export const isLinkLocal = isAmong(localBlocks)
export const isLoopback = isAmong(loopbackBlocks)
export const isMulticast = isAmong(multicastBlocks)
const isReserved = isAmong(reservedBlocks)

export const isPublic = (address: Address): boolean =>
  ![isPrivate, isLinkLocal, isLoopback, isMulticast, isReserved].some(is => is(address))
