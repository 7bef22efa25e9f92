/**
 * `npm test [-- filter…]`: runs all compiled tests, or those whose path contains a filter. Lab tests run one at a time
 * after the others, those that fill the mirror first. The last line is always `N passed, N failed`, counting
 * assertions.
 */
import { ensurePackages, LAB_PACKAGES } from '../lab/machine/packages.js'
import { requireRoot } from '../lab/machine/prerequisites.js'
import { LabProblem } from '../lab/support/problem.js'
import { removeStale } from './lib/stale.js'
import { findTests, type TestFile } from './lib/test-files.js'
import { closingLine, failureLines, resultLine } from './lib/test-report.js'
import { endAll, runTest, startRunner, type TestResult } from './lib/test-run.js'

/**
 * Packages in addition to those of labs: an sshd with its keys, a third kind of shell, Jinja2 as the oracle of
 * templates, and GNU time for the bench.
 */
const TEST_PACKAGES = ['busybox', 'openssh-client', 'openssh-server', 'openssl', 'python3', 'python3-venv', 'time']

/** The number of unit test files at a time; each starts a few processes of its own. */
const AT_ONCE = 2

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const main = async (filters: readonly string[]): Promise<readonly TestResult[]> => {
  for (const file of removeStale()) say(`removed ${file}: its source is gone`)
  const tests = findTests(filters)
  await prepare(tests)
  const started = performance.now()
  const results: TestResult[] = []
  const run = async (file: TestFile): Promise<void> => {
    const result = await runTest(file)
    results.push(result)
    say(resultLine(result))
    for (const line of failureLines(result)) say(line)
  }
  startRunner(AT_ONCE)
  await Promise.all(tests.filter(({ lab }) => !lab).map(run))
  const inLab = tests.filter(({ lab }) => lab)
  for (const file of [...inLab.filter(({ first }) => first), ...inLab.filter(({ first }) => !first)]) {
    say(`… ${file.name}, on lab hosts`)
    await run(file)
  }
  say(`${tests.length} files in ${Math.round((performance.now() - started) / 1000)} s`)
  return results
}

/** @throws LabProblem where this machine cannot run the tests, with the remedy */
const prepare = async (tests: readonly TestFile[]): Promise<void> => {
  const inLab = tests.filter(({ lab }) => lab)
  if (inLab.length > 0) requireRoot()
  if (process.getuid?.() !== 0) return
  await ensurePackages([...new Set([...(inLab.length > 0 ? LAB_PACKAGES : []), ...TEST_PACKAGES])], say)
}

process.once('SIGINT', () => {
  endAll()
  process.exit(130)
})

try {
  const results = await main(process.argv.slice(2))
  if (results.length === 0) say('no test has that in its path')
  if (results.length === 0 || results.some(({ failed }) => failed > 0)) process.exitCode = 1
  for (const { file } of results.filter(({ failed }) => failed > 0)) say(`failed: ${file.source}`)
  say(closingLine(results))
} catch (error) {
  if (!(error instanceof LabProblem)) throw error
  say(error.message)
  say('0 passed, 1 failed')
  process.exitCode = 1
}
