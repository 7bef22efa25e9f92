import fc from 'fast-check'
import t from 'tap'
import { addressIn, formatSubnet, freeSubnet, macOf, overlap, parseSubnet } from '../../../lab/network/subnet.js'

t.test('a subnet is read and written back', async t => {
  t.equal(formatSubnet(parseSubnet('10.77.0.0/24')), '10.77.0.0/24')
  t.equal(formatSubnet(parseSubnet('10.77.0.9/24')), '10.77.0.0/24', 'host bits are dropped')
  for (const text of ['10.77.0.0', '10.77.0.0/8', '10.77.0.0/30', '10.256.0.0/24', 'fd00::/64', '']) {
    t.throws(() => parseSubnet(text), { name: 'LabProblem' }, text)
  }
})

t.test('addresses', async t => {
  t.equal(addressIn(parseSubnet('10.77.0.0/24'), 1), '10.77.0.1')
  t.equal(addressIn(parseSubnet('10.77.0.0/16'), 300), '10.77.1.44')
  t.throws(() => addressIn(parseSubnet('10.77.0.0/24'), 255), /no room/, 'the broadcast address is none')
})

t.test('the first free subnet overlaps nothing that is taken', async t => {
  const taken = ['10.77.0.0/24', '10.78.0.0/16'].map(parseSubnet)
  t.equal(formatSubnet(freeSubnet(taken)), '10.79.0.0/24')
  t.throws(() => freeSubnet([parseSubnet('10.64.0.0/16'), { first: 10 * 2 ** 24, bits: 8 }]), /all taken/)
})

t.test('overlapping is symmetric, and containment is overlapping', async () => {
  const subnet = fc
    .record({ n: fc.nat(0xffff), bits: fc.integer({ min: 16, max: 27 }) })
    .map(({ n, bits }) => parseSubnet(`10.${Math.floor(n / 256)}.${n % 256}.0/${bits}`))
  fc.assert(fc.property(subnet, subnet, (a, b) => overlap(a, b) === overlap(b, a) && overlap(a, a)))
})

t.test('an address on the link is the same each time, local, and another for another host', async t => {
  t.match(macOf('lab', 'node1'), /^02(:[0-9a-f]{2}){5}$/)
  t.equal(macOf('lab', 'node1'), macOf('lab', 'node1'))
  t.not(macOf('lab', 'node1'), macOf('dev', 'node1'))
})
