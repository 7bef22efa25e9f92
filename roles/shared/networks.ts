import { type Address, isInside as isWithin, parseAddress } from '../../engine/python/ip-address.js'

/** An IPv4 network. */
export type Network = Address & { readonly text: string }

/** Undefined for what is none. */
export const parseNetwork = (text: string): Network | undefined => {
  const network = /^[\d.]+(?:\/\d+)?$/.test(text.trim()) ? parseAddress(text) : undefined
  return network === undefined ? undefined : { ...network, text }
}

/** Of two networks that meet, one is all of the other or a part of it. */
export const overlap = (one: Network, other: Network): boolean =>
  one.prefix >= other.prefix ? isWithin(one, other) : isWithin(other, one)

/** Whether the address lies in the network. Text that is neither is not in it. */
export const isInside = (address: string, network: string): boolean => {
  const [one, around] = [parseNetwork(address), parseNetwork(network)]
  return one !== undefined && around !== undefined && !one.hasPrefix && isWithin(one, around)
}

/** Of a network for IPv4 and one for IPv6 with a comma between them: each. */
export const eachNetwork = (subnet: string): readonly string[] => subnet.split(',')

/** That for IPv4; the text itself where there is none. */
export const ipv4Network = (subnet: string): string =>
  eachNetwork(subnet).find(one => parseNetwork(one) !== undefined) ?? subnet
