import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { $ } from 'zx'
import { root } from '../../../scripts/lib/project.js'

const modules = pathToFileURL(join(root, 'dist/scripts/lib')).href

/** A program that runs the test files beside it as `npm test` does, and prints what would be said of each. */
const program = (names: readonly string[], fileSeconds: number) => `
  import { failureLines, resultLine } from '${modules}/test-report.js'
  import { runTest, startRunner } from '${modules}/test-run.js'
  startRunner(2)
  const limit = { fileSeconds: ${fileSeconds}, subtestSeconds: 60 }
  const lines = {}
  await Promise.all(${JSON.stringify(names)}.map(async name => {
    const file = { source: name + '.ts', name, lab: false, first: false }
    const result = await runTest(file, import.meta.dirname, limit)
    lines[name] = [resultLine(result).replace(/ +[0-9.]+ s$/, ''), ...failureLines(result)]
  }))
  console.log(JSON.stringify(lines))
`

const linesOf = async (base: string, names: readonly string[], fileSeconds = 60) => {
  const run = $({ quiet: true, nothrow: true, cwd: base, input: program(names, fileSeconds) })
  const { stdout, stderr, exitCode } = await run`cat > run.js && ${process.execPath} run.js`
  const lines = JSON.parse(stdout || `{"stderr":${JSON.stringify(stderr)}}`) as { [name: string]: readonly string[] }
  return { exitCode, lines, status: (name: string) => lines[name]?.[0]?.replace(/ +/g, ' ') }
}

t.test('a failed assertion is told with its subtests and its difference, and does not hide the others', async t => {
  const base = t.testdir({
    dist: {
      'fails.js': `
        import t from 'tap'
        t.test('outer', async t => {
          t.ok(true)
          await t.test('inner', async t => void t.same({ a: 1, text: 'x\\ny' }, { a: 2, text: 'x\\ny' }))
        })
        t.ok(true, 'not at all', { skip: 'for a reason' })
        t.test('later', async t => void t.equal(1, 1))`,
    },
  })
  const { exitCode, lines, status } = await linesOf(base, ['fails'])
  t.equal(status('fails'), 'FAILED fails 2 passed 1 failed 1 skipped')
  t.match(lines['fails']?.[1], /outer > inner/)
  t.match(lines['fails']?.join('\n'), /-\s+"a": 2,\n\s+\+\s+"a": 1,/)
  t.equal(exitCode, 1)
})

t.test('a file without an assertion fails, and one that ends before its end', async t => {
  const base = t.testdir({
    dist: {
      'empty.js': `import 'tap'`,
      'throws.js': `import t from 'tap'; t.ok(true); throw new Error('in the middle')`,
      'exits.js': `console.error('last words'); process.exit(3)`,
      'killed.js': `import t from 'tap'; t.ok(true); process.kill(process.pid, 'SIGKILL')`,
      'passes.js': `import t from 'tap'; t.ok(true)`,
    },
  })
  const { exitCode, lines, status } = await linesOf(base, ['empty', 'throws', 'exits', 'killed', 'passes'])
  t.equal(status('empty'), 'FAILED empty 0 passed 1 failed')
  t.match(lines['empty']?.[1], 'the file has no assertion')
  t.match(status('throws'), 'FAILED throws 1 passed 1 failed')
  t.match(lines['throws']?.join('\n'), 'in the middle')
  t.match(status('exits'), 'FAILED exits 0 passed')
  t.match(lines['exits']?.join('\n'), /exit code 3\n.*last words/)
  t.match(status('killed'), /FAILED killed . passed 1 failed/)
  t.match(lines['killed']?.join('\n'), 'SIGKILL')
  t.equal(status('passes'), 'ok passes 1 passed')
  t.equal(exitCode, 1)
})

t.test('a file that hangs is ended at its limit of time, with all that it started', async t => {
  const base = t.testdir({
    dist: {
      'hangs.js': `
        import { spawn } from 'node:child_process'
        import { writeFileSync } from 'node:fs'
        import t from 'tap'
        const child = spawn('sleep', ['300'], { stdio: 'inherit' })
        writeFileSync('child', String(child.pid))
        t.ok(true)
        for (;;);`,
    },
  })
  const { lines, status } = await linesOf(base, ['hangs'], 3)
  t.match(status('hangs'), /FAILED hangs . passed 1 failed/)
  t.match(lines['hangs']?.[1], 'ended before its tests did: after 3 s')
  const child = await $({ quiet: true, nothrow: true, cwd: base })`ps -o stat= -p $(cat child)`
  t.notMatch(child.stdout, /^[^Z]/, 'its child is gone')
})

t.test('neither a test nor what it starts is watched by tap', async t => {
  const base = t.testdir({
    dist: {
      'options.js': `
        import t from 'tap'
        t.equal(process.env.NODE_OPTIONS, ${JSON.stringify(process.env['NODE_OPTIONS'])})
        t.same(process.execArgv, [])`,
    },
  })
  const { lines, status } = await linesOf(base, ['options'])
  t.equal(status('options'), 'ok options 2 passed', lines['options']?.join('\n') ?? '')
})
