import ipaddr from 'ipaddr.js'
import { OperationError } from './kinds.js'

/** An IP address, with a prefix length. */
export interface Address {
  readonly version: 4 | 6
  readonly value: bigint
  readonly prefix: number
  /** Whether the text had a prefix; without one, `prefix` is 32 or 128. */
  readonly hasPrefix: boolean
}

type Ip = ipaddr.IPv4 | ipaddr.IPv6

export const bits = (version: 4 | 6): number => (version === 4 ? 32 : 128)

/**
 * Parses an IPv6 address (RFC 4291) or dotted quad, optionally with `/24` or `/255.255.255.0`; undefined for any other
 * text.
 */
export const parseAddress = (written: string): Address | undefined => {
  const [host = '', suffix, ...more] = written.trim().split('/')
  const ip = more.length > 0 ? undefined : parseHost(host)
  if (ip === undefined) return undefined
  const version = ip.kind() === 'ipv4' ? 4 : 6
  const prefix = suffix === undefined ? bits(version) : parsePrefix(suffix, version)
  return prefix === undefined ? undefined : { version, value: numberOf(ip), prefix, hasPrefix: suffix !== undefined }
}

/** Parses an address without prefix and zone. */
const parseHost = (written: string): Ip | undefined => {
  if (ipaddr.IPv4.isValidFourPartDecimal(written)) return ipaddr.IPv4.parse(written)
  // The library takes `::192.0.2.1` for `::ffff:192.0.2.1`, so the dotted part is converted to hexadecimal groups
  // first.
  const [, before, four] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(written) ?? []
  if (before !== undefined && four !== undefined) {
    if (!ipaddr.IPv4.isValidFourPartDecimal(four)) return undefined
    const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(four).octets
    return parseHost(`${before}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`)
  }
  return /^[\da-fA-F:]+$/.test(written) && ipaddr.IPv6.isValid(written) ? ipaddr.IPv6.parse(written) : undefined
}

/** Parses a prefix length, a netmask or a hostmask. */
const parsePrefix = (suffix: string, version: 4 | 6): number | undefined => {
  if (/^\d{1,3}$/.test(suffix)) return Number(suffix) <= bits(version) ? Number(suffix) : undefined
  if (version === 6 || !ipaddr.IPv4.isValidFourPartDecimal(suffix)) return undefined
  const mask = ipaddr.IPv4.parse(suffix)
  const inverted = new ipaddr.IPv4(mask.octets.map(octet => 255 - octet))
  return mask.prefixLengthFromSubnetMask() ?? inverted.prefixLengthFromSubnetMask() ?? undefined
}

const numberOf = (ip: Ip): bigint => ip.toByteArray().reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n)

const ipOf = (version: 4 | 6, value: bigint): Ip => {
  const digits = value.toString(16).padStart(bits(version) / 4, '0')
  return ipaddr.fromByteArray([...Buffer.from(digits, 'hex')])
}

export const maskOf = (version: 4 | 6, prefix: number): bigint =>
  numberOf((version === 4 ? ipaddr.IPv4 : ipaddr.IPv6).subnetMaskFromPrefixLength(prefix))

export const networkOf = ({ version, value, prefix }: Address): bigint => value & maskOf(version, prefix)

export const sizeOf = ({ version, prefix }: Address): bigint => 1n << BigInt(bits(version) - prefix)

export const lastOf = (address: Address): bigint => networkOf(address) + sizeOf(address) - 1n

/** The text of an address, for IPv6 by RFC 5952. @throws OperationError where the number is out of range */
export const formatAddress = (version: 4 | 6, value: bigint): string => {
  if (value < 0n || value >> BigInt(bits(version)) !== 0n)
    throw new OperationError('the address is outside of the address space')
  return ipOf(version, value).toString()
}

/** Whether a network contains the address with all of its own network. */
export const isInside = (address: Address, network: Address): boolean =>
  address.version === network.version &&
  address.prefix >= network.prefix &&
  ipOf(address.version, address.value).match([ipOf(network.version, network.value), network.prefix])

type Blocks = readonly (readonly [Ip, number])[]
const blocks = (...networks: readonly string[]): Blocks => networks.map(network => ipaddr.parseCIDR(network))

const isAmong =
  (list: Blocks) =>
  ({ version, value }: Address): boolean => {
    const ip = ipOf(version, value)
    return list.some(([network, prefix]) => network.kind() === ip.kind() && ip.match([network, prefix]))
  }

export const isPrivate = isAmong(blocks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'))
export const isLinkLocal = isAmong(blocks('169.254.0.0/16', 'fe80::/10'))
export const isLoopback = isAmong(blocks('127.0.0.0/8', '::1/128'))
export const isMulticast = isAmong(blocks('224.0.0.0/4', 'ff00::/8'))
const isReserved = isAmong(
  blocks(
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
  ),
)

export const isPublic = (address: Address): boolean =>
  ![isPrivate, isLinkLocal, isLoopback, isMulticast, isReserved].some(is => is(address))
