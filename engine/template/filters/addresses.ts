import type { Value } from '../../core/value.js'
import { int } from '../../core/value.js'
import {
  type Address,
  bits,
  formatAddress,
  isInside,
  isLinkLocal,
  isLoopback,
  isMulticast,
  isPrivate,
  isPublic,
  lastOf,
  maskOf,
  networkOf,
  parseAddress,
  sizeOf,
} from '../../python/ip-address.js'
import { isInt, isList, OperationError } from '../../python/kinds.js'
import { parseIntText, text } from '../../python/text.js'
import type { Filter, FilterTable } from '../contract.js'
import { filter } from '../plugin.js'
import { truth } from '../values/compare.js'
import { asInt } from '../values/convert.js'

const formatted = ({ version }: Address, value: bigint): string => formatAddress(version, value)
const withPrefix = (address: Address, value = address.value): string => `${formatted(address, value)}/${address.prefix}`
const isHost = ({ version, prefix }: Address): boolean => prefix === bits(version)
const isNetwork = (address: Address): boolean => !isHost(address) && address.value === networkOf(address)
const onlyIf =
  (holds: (address: Address) => boolean) =>
  (address: Address, given: Value): Value =>
    holds(address) ? given : null
const usable = (address: Address): readonly [bigint, bigint] =>
  address.prefix >= bits(address.version) - 1
    ? [networkOf(address), lastOf(address)]
    : [networkOf(address) + 1n, address.version === 4 ? lastOf(address) - 1n : lastOf(address)]

/** Whether it is the network itself: the first address of an IPv4 network that has a broadcast address is no host. */
const isNetworkOnly = (address: Address): boolean => isNetwork(address) && address.version === 4 && address.prefix < 31
const isBroadcast = (address: Address): boolean =>
  address.version === 4 && address.prefix < 31 && address.value === lastOf(address)

/**
 * The queries of `ipaddr('…')`, with the names of ansible.utils. As there, the result is None where a query does not hold, and False
 * where the value is no address at all.
 */
const queries: ReadonlyMap<string, (address: Address, given: Value) => Value> = new Map<
  string,
  (address: Address, given: Value) => Value
>([
  ['', (_, given) => given],
  ['address', address => (isNetworkOnly(address) ? null : formatted(address, address.value))],
  ['ip', address => (isNetworkOnly(address) ? null : formatted(address, address.value))],
  ['host', address => (isNetworkOnly(address) ? null : withPrefix(address))],
  ['address/prefix', address => (isNetworkOnly(address) || isBroadcast(address) ? false : withPrefix(address))],
  ['host/prefix', address => (isNetworkOnly(address) || isBroadcast(address) ? false : withPrefix(address))],
  ['ip/prefix', address => (isHost(address) || isNetworkOnly(address) ? null : withPrefix(address))],
  ['network', address => formatted(address, networkOf(address))],
  ['network_id', address => formatted(address, networkOf(address))],
  ['network/prefix', address => withPrefix(address, networkOf(address))],
  ['subnet', address => withPrefix(address, networkOf(address))],
  ['net', address => (isNetwork(address) ? withPrefix(address) : null)],
  ['netmask', address => formatted(address, maskOf(address.version, address.prefix))],
  ['hostmask', address => formatted(address, sizeOf(address) - 1n)],
  ['wildcard', address => formatted(address, sizeOf(address) - 1n)],
  [
    'ip_netmask',
    address => `${formatted(address, address.value)} ${formatted(address, maskOf(address.version, address.prefix))}`,
  ],
  [
    'network_netmask',
    address =>
      `${formatted(address, networkOf(address))} ${formatted(address, maskOf(address.version, address.prefix))}`,
  ],
  ['prefix', address => address.prefix],
  ['cidr', address => withPrefix(address)],
  ['broadcast', address => (address.prefix >= bits(address.version) - 1 ? null : formatted(address, lastOf(address)))],
  ['size', address => int(sizeOf(address))],
  ['int', address => int(address.value)],
  ['version', address => address.version],
  ['type', address => (isNetwork(address) ? 'network' : 'address')],
  ['first_usable', address => formatted(address, usable(address)[0])],
  ['last_usable', address => formatted(address, usable(address)[1])],
  [
    'range_usable',
    address =>
      usable(address)
        .map(one => formatted(address, one))
        .join('-'),
  ],
  ['size_usable', address => int(usable(address)[1] - usable(address)[0] + 1n)],
  ['next_usable', address => (address.value + 1n > usable(address)[1] ? null : formatted(address, address.value + 1n))],
  [
    'previous_usable',
    address => (address.value - 1n < usable(address)[0] ? null : formatted(address, address.value - 1n)),
  ],
  ['revdns', address => reverseName(address)],
  ['wrap', (address, given) => (address.version === 6 ? wrapped(text(given)) : given)],
  ['bool', () => true],
  ['private', onlyIf(isPrivate)],
  ['public', onlyIf(isPublic)],
  ['unicast', onlyIf(address => !isMulticast(address))],
  ['multicast', onlyIf(isMulticast)],
  ['link-local', onlyIf(isLinkLocal)],
  ['loopback', onlyIf(isLoopback)],
  ['ipv4', (address, given) => address.version === 4 && given],
  ['4', (address, given) => address.version === 4 && given],
  ['ipv6', (address, given) => address.version === 6 && given],
  ['6', (address, given) => address.version === 6 && given],
])

const wrapped = (given: string): string => given.replace(/^([^/[\]]+)(.*)$/, '[$1]$2')

const reverseName = ({ version, value }: Address): string => {
  if (version === 4) return `${formatAddress(4, value).split('.').reverse().join('.')}.in-addr.arpa.`
  return `${[...value.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa.`
}

const read = (value: Value): Address | undefined =>
  isInt(value) ? { version: 4, value: BigInt(value), prefix: 32, hasPrefix: false } : parseAddress(text(value))

/** The answer for a value; for a list, the answers of those items that have one. */
const answer = (value: Value, query: Value, version?: 4 | 6): Value => {
  if (isList(value)) return value.map(one => answer(one, query, version)).filter(one => truth(one) === true)
  if (value === null || value === '' || typeof value === 'boolean') return false
  const address = read(value)
  if (address === undefined || (version !== undefined && address.version !== version)) return false
  const known = queries.get(text(query))
  if (known !== undefined) return known(address, isInt(value) ? formatted(address, address.value) : value)
  const network = typeof query === 'string' ? parseAddress(query) : undefined
  if (network !== undefined) return isInside(address, network) ? value : null
  const index = isInt(query) ? Number(query) : parseIntText(text(query))
  if (index === undefined) throw new OperationError(`ipaddr cannot be asked for '${text(query)}'`)
  return withPrefix(address, nth(address, BigInt(index)))
}

const nth = (address: Address, index: bigint): bigint => {
  const at = index < 0n ? lastOf(address) + 1n + index : networkOf(address) + index
  if (at < networkOf(address) || at > lastOf(address))
    throw new OperationError(`the network ${withPrefix(address)} has no address ${index}`)
  return at
}

const queryFilter = (version?: 4 | 6): Filter =>
  filter('query="" version=null alias=""', (value, [query = '']) => answer(value, query, version))

const requireAddress = (value: Value, what: string): Address => {
  const address = read(value)
  if (address === undefined) throw new OperationError(`${what}: '${text(value)}' is not an address or a network`)
  return address
}

/** A network around an address: those from `prefix` down to the smallest are counted by `index`, which is 0 by default. */
const supernet = (address: Address, prefix: number, index: Value): Value => {
  const at = index === null ? 0n : indexOf(index)
  const wanted = at < 0n ? BigInt(address.prefix) + at : BigInt(prefix) + at
  if (wanted < BigInt(prefix) || wanted >= BigInt(address.prefix)) return false
  const around = { ...address, prefix: Number(wanted) }
  return withPrefix(around, networkOf(around))
}

const indexOf = (index: Value): bigint =>
  BigInt(asInt(typeof index === 'string' ? (parseIntText(index) ?? null) : index, 'the index'))

/** The number of subnets of a size, or the subnet with an index. */
const subnet = filter('query="" index=null', (value, [query = '', index = null]) => {
  const address = read(value)
  if (address === undefined) return false
  if (query === '') return withPrefix(address, address.hasPrefix ? networkOf(address) : address.value)
  const prefix = Number(text(query))
  if (!Number.isInteger(prefix))
    return isInside(address, requireAddress(query, 'ipsubnet')) ? withPrefix(address) : false
  if (prefix < address.prefix) return supernet(address, prefix, index)
  const count = 1n << BigInt(prefix - address.prefix)
  if (index === null) return String(count)
  const wanted = indexOf(index)
  const at = wanted < 0n ? count + wanted : wanted
  if (at < 0n || at >= count) return false
  const size = 1n << BigInt(bits(address.version) - prefix)
  return `${formatted(address, networkOf(address) + at * size)}/${prefix}`
})

export const addresses: FilterTable = {
  ipaddr: queryFilter(),
  ipv4: queryFilter(4),
  ipv6: queryFilter(6),
  ipwrap: filter('query=""', value => {
    const one = (item: Value): Value => (read(item)?.version === 6 ? wrapped(text(item)) : item)
    return isList(value) ? value.map(one) : one(value)
  }),
  ipsubnet: subnet,
  ipmath: filter('amount', (value, [amount = 0]) => {
    const address = requireAddress(value, 'ipmath')
    return formatted(address, address.value + BigInt(asInt(amount, 'amount')))
  }),
  nthhost: filter('query', (value, [index = 0]) => {
    const address = requireAddress(value, 'nthhost')
    const at = indexOf(index)
    return at >= 0n && at >= sizeOf(address) ? false : formatted(address, nth(address, at))
  }),
  network_in_network: filter('test', (value, [inner = '']) =>
    isInside(requireAddress(inner, 'network_in_network'), requireAddress(value, 'network_in_network')),
  ),
  network_in_usable: filter('test', (value, [inner = '']) => {
    const [outer, address] = [requireAddress(value, 'network_in_usable'), requireAddress(inner, 'network_in_usable')]
    const [first, last] = usable(outer)
    return address.version === outer.version && address.value >= first && address.value <= last
  }),
  ip4_hex: filter('delimiter=""', (value, [delimiter = '']) =>
    [24n, 16n, 8n, 0n]
      .map(shift => ((requireAddress(value, 'ip4_hex').value >> shift) & 255n).toString(16).padStart(2, '0'))
      .join(text(delimiter)),
  ),
}
