import { type Address, isInside as isWithin, parseAddress } from '../../engine/python/ip-address.js'

/** An IPv4 network. */
export type Network = Address & { readonly text: string }

/** Parses an IPv4 network; undefined for any other text. */
export const parseNetwork = (text: string): Network | undefined => {
  const network = /^[\d.]+(?:\/\d+)?$/.test(text.trim()) ? parseAddress(text) : undefined
  return network === undefined ? undefined : { ...network, text }
}

/** Whether two networks overlap: then one contains the other. */
export const overlap = (one: Network, other: Network): boolean =>
  one.prefix >= other.prefix ? isWithin(one, other) : isWithin(other, one)

/** Whether the network contains the address; false where either text is invalid. */
export const isInside = (address: string, network: string): boolean => {
  const [one, around] = [parseNetwork(address), parseNetwork(network)]
  return one !== undefined && around !== undefined && !one.hasPrefix && isWithin(one, around)
}

/** The networks of a dual-stack setting, IPv4 and IPv6 with a comma between. */
export const eachNetwork = (subnet: string): readonly string[] => subnet.split(',')

/** The IPv4 network of a setting; the text itself where it has none. */
export const ipv4Network = (subnet: string): string =>
  eachNetwork(subnet).find(one => parseNetwork(one) !== undefined) ?? subnet
