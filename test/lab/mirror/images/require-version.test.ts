import t from 'tap'
import { requireVersion } from '../../../../lab/mirror/images/require-version.js'
import { LabProblem } from '../../../../lab/support/problem.js'

t.test('a tag is the version that the program says, or its beginning', async t => {
  for (const [said, tag] of [
    ['BusyBox v1.35.0 (Debian 1:1.35.0-4+b1) multi-call binary.', '1.35'],
    ['BusyBox v1.35.0 (Debian 1:1.35.0-4+b1) multi-call binary.', '1.35.0'],
    ['agnhost version 2.53', '2.53'],
  ] as const)
    t.doesNotThrow(() => requireVersion('busybox', said, tag), `${said} / ${tag}`)
})

t.test('another version is refused, and where to change the tag is said', async t => {
  for (const [said, tag] of [
    ['BusyBox v1.35.0 (Debian 1:1.35.0-4+b1) multi-call binary.', '1.36'],
    ['agnhost version 2.53', '2.5'],
    ['agnhost version 12.5', '2.5'],
    ['', '2.5'],
    ['sh: not found', '2.5'],
  ] as const)
    t.throws(() => requireVersion('busybox', said, tag), LabProblem, `${said} / ${tag}`)
  t.throws(() => requireVersion('busybox', 'BusyBox v1.37.0 (x)', '1.35'), {
    message:
      /busybox says that it is 1\.37\.0, and its image is tagged 1\.35\n.*BUSYBOX_TAG in lab\/mirror\/versions\.ts/,
  })
})
