import type { Value } from '../../core/value.js'
import {
  type Address,
  bits,
  isInside,
  isLoopback,
  isMulticast,
  isPrivate,
  isPublic,
  parseAddress,
} from '../../python/ip-address.js'
import type { Test, TestTable } from '../contract.js'
import { test } from '../plugin.js'
import { asText } from '../values/convert.js'

const addressTest = (is: (address: Address) => boolean): Test =>
  test('', value => {
    const address = typeof value === 'string' ? parseAddress(value) : undefined
    return address !== undefined && is(address)
  })

const version = (wanted: 4 | 6, alone: boolean): Test =>
  addressTest(one => one.version === wanted && (!alone || one.prefix === bits(wanted)))

const parsed = (value: Value, what: string): Address | undefined => parseAddress(asText(value, what))

/** The tests of ansible.utils for addresses and networks. */
export const addressTests: TestTable = {
  ip: addressTest(() => true),
  ip_address: addressTest(one => one.prefix === bits(one.version)),
  ipv4: version(4, false),
  ipv4_address: version(4, true),
  ipv6: version(6, false),
  ipv6_address: version(6, true),
  loopback: addressTest(isLoopback),
  multicast: addressTest(isMulticast),
  private: addressTest(isPrivate),
  public: addressTest(isPublic),
  in_network: test('network', (value, [network = '']) => {
    const [address, around] = [parsed(value, 'the address'), parsed(network, 'the network')]
    return address !== undefined && around !== undefined && isInside(address, around)
  }),
}
