import t from 'tap'
import { parsePolicy } from '../../../../../engine/modules/packages/apt/policy.js'

/** Debian 12, apt 2.6; the phased line is Ubuntu's. */
const recorded = `nginx:
  Installed: 1.22.1-9+deb12u9
  Candidate: 1.22.1-9+deb12u11
  Version table:
     1.22.1-9+deb12u11 500 (phased 20%)
        500 http://deb.debian.org/debian-security bookworm-security/main amd64 Packages
 *** 1.22.1-9+deb12u9 500
        500 http://deb.debian.org/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
mail-transport-agent:
  Installed: (none)
  Candidate: (none)
  Version table:
libc6:i386:
  Installed: (none)
  Candidate: 2.36-9+deb12u13
  Version table:
     2.36-9+deb12u13 -10
        500 http://deb.debian.org/debian bookworm/main i386 Packages
`

t.test('candidates and versions, newest first', async t => {
  t.same(parsePolicy(recorded), {
    nginx: {
      candidate: '1.22.1-9+deb12u11',
      versions: [
        { version: '1.22.1-9+deb12u11', priority: 500 },
        { version: '1.22.1-9+deb12u9', priority: 500 },
      ],
    },
    'mail-transport-agent': { versions: [] },
    'libc6:i386': { candidate: '2.36-9+deb12u13', versions: [{ version: '2.36-9+deb12u13', priority: -10 }] },
  })
})

t.test('a name that apt has never heard of is not in it', async t => t.same(parsePolicy(''), {}))
