import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { $ } from 'zx'
import { root } from '../../scripts/lib/project.js'

/** `.ci/run` with an npm that says what it is told to. */
const run = async (bin: string, npm: { readonly [words: string]: string }) => {
  const cases = Object.entries(npm).map(([words, then]) => `'${words}'*) ${then} ;;`)
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\ncase "$*" in ${cases.join(' ')} esac\n`)
  chmodSync(join(bin, 'npm'), 0o755)
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` }
  const { exitCode, stdout } = await $({ quiet: true, nothrow: true, env })`${join(root, '.ci/run')}`
  return { code: exitCode, last: stdout.trimEnd().split('\n').at(-1) }
}

const fine = { ci: 'exit 0', 'run check': 'echo 4 passed, 0 failed', test: 'echo 100 passed, 0 failed' }

t.test('the last line adds up check and test', async t => {
  const bin = t.testdir()
  t.same(await run(bin, fine), { code: 0, last: '104 passed, 0 failed' })
})

t.test('what fails is counted, and the other part still runs', async t => {
  const bin = t.testdir()
  t.same(await run(bin, { ...fine, 'run check': 'echo 3 passed, 1 failed; exit 1' }), {
    code: 1,
    last: '103 passed, 1 failed',
  })
  t.same(await run(bin, { ...fine, test: 'echo 98 passed, 2 failed; exit 1' }), {
    code: 1,
    last: '102 passed, 2 failed',
  })
})

t.test('a part that ends without its count, or fails behind it, is a failure', async t => {
  const bin = t.testdir()
  t.same(await run(bin, { ...fine, test: 'echo killed; exit 137' }), { code: 1, last: '4 passed, 1 failed' })
  t.same(await run(bin, { ...fine, test: 'echo 9 passed, 0 failed; exit 1' }), { code: 1, last: '13 passed, 1 failed' })
  t.same(await run(bin, { ...fine, ci: 'exit 1' }), { code: 1, last: '0 passed, 1 failed' })
})
