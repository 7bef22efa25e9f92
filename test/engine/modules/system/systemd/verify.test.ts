import t from 'tap'
import type { SystemdParams } from '../../../../../engine/modules/system/systemd/unit.js'
import { systemd } from '../../../../../engine/modules/system/systemd.js'
import { paramsOf } from '../../../../support/cases.js'

const verify = (given: object, unit: object, enabled = 'enabled') => {
  const params = paramsOf(systemd, { name: 'x', ...given }) as unknown as SystemdParams
  const properties = { Type: 'oneshot', ActiveState: 'inactive', LoadState: 'loaded', ...unit }
  return typeof systemd.verify === 'function' ? systemd.verify(params, { unit: properties, enabled }) : systemd.verify
}

t.test('a oneshot unit that was started is inactive again, and that is no fault', async t => {
  t.equal(verify({ state: 'started' }, {}), 'passing')
  t.equal(verify({ state: 'started', enabled: true }, {}), 'passing')
  t.equal(verify({ state: 'started', enabled: true }, {}, 'disabled'), 'strict', 'that it starts at boot remains')
  t.equal(verify({ state: 'started' }, { RemainAfterExit: 'yes' }), 'strict')
  t.equal(verify({ state: 'started' }, { Type: 'simple' }), 'strict')
  t.equal(verify({ state: 'started' }, { LoadState: 'masked' }), 'strict')
})
