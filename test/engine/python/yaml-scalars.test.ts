import t from 'tap'
import { Float, type Value } from '../../../engine/core/value.js'
import { plainScalar } from '../../../engine/python/yaml-scalars.js'

/** What PyYAML 6.0.3 gives for each: its type and str(). */
const cases: readonly (readonly [written: string, value: Value])[] = [
  ['yes', true],
  ['On', true],
  ['OFF', false],
  ['y', 'y'],
  ['yEs', 'yEs'],
  ['0644', 420],
  ['0o644', '0o644'],
  ['08', '08'],
  ['0', 0],
  ['00', 0],
  ['-012', -10],
  ['1_000', 1000],
  ['0b101', 5],
  ['0x1F', 31],
  ['12:30:45', 45_045],
  ['1:60', '1:60'],
  ['1:30.5', 90.5],
  ['99999999999999999', 99_999_999_999_999_999n],
  ['1.30', 1.3],
  ['1.0', new Float(1)],
  ['1.', new Float(1)],
  ['.5', 0.5],
  ['1e3', '1e3'],
  ['2.5e+3', new Float(2500)],
  ['.inf', Number.POSITIVE_INFINITY],
  ['-.INF', Number.NEGATIVE_INFINITY],
  ['1.2.3', '1.2.3'],
  ['v1.30', 'v1.30'],
  ['', null],
  ['~', null],
  ['Null', null],
  ['nULL', 'nULL'],
  ['2001-12-14', '2001-12-14'],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.100000-05:00'],
  ['2001-12-14 1:59:43Z', '2001-12-14 01:59:43+00:00'],
  ['2001-12-14 21:59:43', '2001-12-14 21:59:43'],
  ['10.0.0.1', '10.0.0.1'],
]

t.test('plain scalars are what PyYAML makes of them', async t => {
  for (const [written, value] of cases) t.same(plainScalar(written), value, JSON.stringify(written))
})
