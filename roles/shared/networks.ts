import { BlockList, isIPv4 } from 'node:net'

/** An IPv4 network; undefined for what is none. */
export interface Network {
  readonly text: string
  readonly first: number
  readonly last: number
}

export const parseNetwork = (text: string): Network | undefined => {
  const [address = '', bits = '32'] = text.trim().split('/')
  const length = Number(bits)
  if (!isIPv4(address) || !/^\d+$/.test(bits) || length > 32) return undefined
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - length)
  const first = Math.floor(number / size) * size
  return { text, first, last: first + size - 1 }
}

export const overlap = (one: Network, other: Network): boolean => one.first <= other.last && other.first <= one.last

/** Whether the address lies in the network. Text that is neither is not in it. */
export const isInside = (address: string, network: string): boolean => {
  const [base = '', bits = '32'] = network.split('/')
  if (!isIPv4(address) || !isIPv4(base)) return false
  const list = new BlockList()
  list.addSubnet(base, Number(bits), 'ipv4')
  return list.check(address)
}

/** Of a network for IPv4 and one for IPv6 with a comma between them: each. */
export const eachNetwork = (subnet: string): readonly string[] => subnet.split(',')

/** That for IPv4; the text itself where there is none. */
export const ipv4Network = (subnet: string): string =>
  eachNetwork(subnet).find(one => parseNetwork(one) !== undefined) ?? subnet
