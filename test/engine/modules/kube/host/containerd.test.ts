import t from 'tap'
import { containerdVersion } from '../../../../../engine/modules/kube/host/containerd.js'

t.test("containerd's versions as its packages write them", async t => {
  t.same(containerdVersion('containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3'), {
    major: 1,
    minor: 6,
  })
  t.same(
    containerdVersion('containerd github.com/containerd/containerd/v2 v2.1.4 75cb2b7193e4e490e9fbdc236c0e811ccaba3376'),
    { major: 2, minor: 1 },
  )
  t.same(containerdVersion('containerd containerd.io 1.7.27 05044ec0a9a75232cad458027ca83437aae3f4da'), {
    major: 1,
    minor: 7,
  })
  t.equal(containerdVersion('command not found'), undefined)
})
