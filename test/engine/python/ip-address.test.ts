import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { formatAddress, isInside, lastOf, networkOf, parseAddress } from '../../../engine/python/ip-address.js'

const program = `
import ipaddress, json, sys
def told(text):
    try: one = ipaddress.ip_interface(text)
    except ValueError: return None
    net = one.network
    return [one.version, str(int(one.ip)), net.prefixlen, str(int(net.network_address)), str(int(net.broadcast_address)), one.ip.compressed]
print(json.dumps([told(text) for text in json.load(sys.stdin)]))`

const python = (texts: readonly string[]): readonly unknown[] =>
  JSON.parse(execFileSync('python3', ['-c', program], { input: JSON.stringify(texts) }).toString()) as unknown[]

const ours = (text: string): unknown => {
  const one = parseAddress(text)
  if (one === undefined) return null
  const shown = formatAddress(one.version, one.value)
  return [one.version, String(one.value), one.prefix, String(networkOf(one)), String(lastOf(one)), shown]
}

const octets = fc.oneof(fc.integer({ min: 0, max: 260 }).map(String), fc.constantFrom('01', ''))
const four = fc.array(octets, { minLength: 3, maxLength: 5 }).map(parts => parts.join('.'))
const groups = fc.array(fc.constantFrom('', '0', '1', 'ffff', 'a0b', '12345', 'g'), { maxLength: 9 })
const six = fc.tuple(groups, fc.option(fc.ipV4())).map(([parts, tail]) => [...parts, ...(tail ? [tail] : [])].join(':'))
const suffix = fc.oneof(
  fc.constantFrom('', '/255.255.240.0', '/0.0.15.255', '/255.0.255.0', '/1/2'),
  fc.integer({ min: 0, max: 130 }).map(length => `/${length}`),
)

t.test('addresses and networks are what Python takes them for', async t => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), four, six)
  const texts = fc.sample(
    fc.tuple(address, suffix).map(parts => parts.join('')),
    3000,
  )
  const told = python(texts)
  const differ = texts.flatMap((text, index) => {
    const [one, other] = [ours(text), told[index]]
    // Python has its own way of writing these.
    const mapped = Array.isArray(other) && String(other[5]).startsWith('::ffff:')
    const same = mapped ? (list: unknown) => JSON.stringify((list as unknown[]).slice(0, 5)) : JSON.stringify
    return one !== null && other !== null && same(one) === same(other)
      ? []
      : one === other
        ? []
        : [{ text, one, other }]
  })
  t.same(differ, [])
})

t.test('a zone, a blank inside and what is no address are none', async t => {
  for (const text of ['fe80::1%eth0', '1.2.3.4 /24', 'node1', '', '1.2.3', '0x1.2.3.4'])
    t.equal(parseAddress(text), undefined, text)
  t.equal(parseAddress(' 192.0.2.1 ')?.prefix, 32)
})

t.test('inside is what has the beginning of the network, and no shorter prefix', async t => {
  const inside = (one: string, other: string): boolean | undefined => {
    const [a, b] = [parseAddress(one), parseAddress(other)]
    return a === undefined || b === undefined ? undefined : isInside(a, b)
  }
  t.equal(inside('192.0.2.77', '192.0.2.0/24'), true)
  t.equal(inside('192.0.2.0/24', '192.0.2.0/25'), false)
  t.equal(inside('::1', '0.0.0.0/0'), false)
  t.equal(inside('2001:db8::/48', '2001:db8:0:1::/32'), true)
})
