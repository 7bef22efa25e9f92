import t from 'tap'
import { isInside, overlap, parseNetwork } from '../../../roles/shared/networks.js'

t.test('networks', async t => {
  const network = (text: string) => parseNetwork(text) ?? t.fail(text)
  t.ok(overlap(network('10.96.0.0/12') as never, network('10.100.0.0/16') as never))
  t.notOk(overlap(network('10.244.0.0/16') as never, network('10.96.0.0/12') as never))
  t.equal(parseNetwork('10.0.0.0/33'), undefined)
  t.equal(parseNetwork('fd00::/8'), undefined)
  t.ok(isInside('192.0.2.77', '192.0.2.0/24'))
  t.notOk(isInside('192.0.3.1', '192.0.2.0/24'))
  t.notOk(isInside('node1', '192.0.2.0/24'))
})
