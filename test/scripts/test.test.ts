import { join } from 'node:path'
import t from 'tap'
import { $ } from 'zx'
import { root } from '../../scripts/lib/project.js'

const npmTest = async (filter: string) => {
  const run = $({ quiet: true, nothrow: true, cwd: root })
  const { exitCode, stdout } = await run`${process.execPath} ${join(root, 'dist/scripts/test.js')} ${filter}`
  return { code: exitCode, last: stdout.trimEnd().split('\n').at(-1) ?? '' }
}

t.test('ends with a plain line of counts', async t => {
  const { code, last } = await npmTest('scripts/lib/test-files')
  t.match(last, /^[1-9]\d* passed, 0 failed$/)
  t.equal(code, 0)
})

t.test('a filter that matches nothing is a failure', async t => {
  const { code, last } = await npmTest('no-test-has-this-in-its-path')
  t.equal(last, '0 passed, 0 failed')
  t.equal(code, 1)
})
