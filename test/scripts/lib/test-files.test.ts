import t from 'tap'
import { findTests } from '../../../scripts/lib/test-files.js'

t.test('this file is found by a part of its path, and needs no lab', async t => {
  t.same(findTests(['lib/test-files']), [
    { source: 'test/scripts/lib/test-files.test.ts', name: 'scripts/lib/test-files', lab: false, first: false },
  ])
})

t.test(
  'what reaches lab/lab.ts or builds the mirror, by imports takes the machine for itself, however indirectly',
  async t => {
    const base = t.testdir({
      lab: {
        'lab.ts': "export const openLab = () => import('./mirror/build.js')",
        'subnet.ts': 'export const subnet = 1',
        mirror: { 'build.ts': 'export const buildMirror = 1' },
      },
      test: {
        support: { 'hosts.ts': "export { openLab } from '../../lab/lab.js'" },
        'boots.test.ts': "import { openLab } from './support/hosts.js'",
        'builds.test.ts': "import { buildMirror } from '../lab/mirror/build.js'",
        'does-not.test.ts': "import { subnet } from '../lab/subnet.js'",
      },
    })
    t.same(
      findTests([], base).map(({ name, lab, first }) => [name, lab, first]),
      [
        ['boots', true, false],
        ['builds', true, true],
        ['does-not', false, false],
      ],
    )
  },
)
