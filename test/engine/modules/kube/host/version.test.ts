import t from 'tap'
import { parseVersion, pauseImage } from '../../../../../engine/modules/kube/host/version.js'

t.test('versions of Kubernetes', async t => {
  t.same(parseVersion('v1.34.4'), { minor: 34, patch: 4 })
  t.equal(parseVersion('1.34'), undefined)
  t.equal(pauseImage(34), 'registry.k8s.io/pause:3.10.1')
  t.equal(pauseImage(31), 'registry.k8s.io/pause:3.10')
})
