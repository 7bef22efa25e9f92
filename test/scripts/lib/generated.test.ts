import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { outdated, write } from '../../../scripts/lib/generated.js'

const files = new Map([
  ['docs/modules/copy.md', 'copy\n'],
  ['docs/commands.md', 'commands\n'],
])

t.test('what is missing, other, or left over is named; writing mends it', async t => {
  const base = t.testdir({
    docs: { modules: { 'copy.md': 'old\n', 'gone.md': 'x\n' }, 'architecture.md': 'by hand\n' },
  })
  t.same(outdated(files, ['docs/modules'], base), ['docs/modules/copy.md', 'docs/commands.md', 'docs/modules/gone.md'])
  write(files, ['docs/modules'], base)
  t.same(outdated(files, ['docs/modules'], base), [])
  t.equal(readFileSync(join(base, 'docs/modules/copy.md'), 'utf8'), 'copy\n')
  t.equal(existsSync(join(base, 'docs/modules/gone.md')), false)
  t.equal(readFileSync(join(base, 'docs/architecture.md'), 'utf8'), 'by hand\n', 'other folders are left alone')
})
