import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { root } from './project.js'
import { compiled, type TestFile } from './test-files.js'

export interface TestResult {
  readonly file: TestFile
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly failures: readonly Failure[]
  readonly ms: number
}

export interface Failure {
  /** The subtests around the assertion, then the assertion. */
  readonly name: string
  readonly details: readonly string[] | object
}

/** A file is ended after this long, with all that it started; a subtest of it, by tap itself, earlier. */
const limitsOf = ({ lab }: TestFile): { readonly fileSeconds: number; readonly subtestSeconds: number } =>
  lab ? { fileSeconds: 3600, subtestSeconds: 1800 } : { fileSeconds: 1800, subtestSeconds: 300 }

/** `t.spawn` adds tap's recorder of loaded files to NODE_OPTIONS; tests and what they start run without. */
const ownOptions = process.env['NODE_OPTIONS']
const nodeOptions = ownOptions === undefined ? ['-u', 'NODE_OPTIONS'] : [`NODE_OPTIONS=${ownOptions}`]

/** The groups of processes that run now, so that an interrupt ends them too. */
const running = new Set<number>()

export const endAll = (): void => {
  for (const group of running) kill(group)
}

/** From here on tap runs this many files at a time, says nothing itself, and decides the exit code. */
export const startRunner = (jobs: number): void => {
  t.setTimeout(0)
  t.jobs = jobs
  t.register()
  t.resume()
}

/** Runs one compiled test file in a process group of its own, without a terminal and without input. */
export const runTest = async (file: TestFile, base = root, limit = limitsOf(file)): Promise<TestResult> => {
  const command = ['env', ...nodeOptions, process.execPath, join(base, compiled(file.source))]
  const ended = t.spawn('setsid', command, {
    name: file.name,
    cwd: base,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TAP_TIMEOUT: String(limit.subtestSeconds) },
  })
  const { subtest } = ended
  if (subtest === null) throw new Error(`tap did not take ${file.name}`)
  let stderr = ''
  let late = false
  const watch = (child: ChildProcess): void => {
    const group = child.pid
    if (group === undefined) return
    running.add(group)
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      stderr += part
    })
    const timer = setTimeout(() => {
      late = true
      kill(group)
    }, limit.fileSeconds * 1000)
    // What the file leaves in its group ends with it: it may hold the output open, for which tap would wait.
    child.once('exit', () => {
      clearTimeout(timer)
      kill(group)
      running.delete(group)
    })
  }
  if (subtest.proc === null) subtest.once('process', watch)
  else watch(subtest.proc)
  await ended
  const { counts, lists, options, results, time } = subtest
  const failures = lists.fail.map(({ fullname, name, diag }) => ({ name: fullname || name, details: diag ?? {} }))
  const how = late ? `after ${limit.fileSeconds} s` : (options.signal ?? `exit code ${options.exitCode}`)
  if (counts.fail === 0 && (results?.ok !== true || counts.total === 0)) {
    const empty = !late && options.exitCode === 0 && counts.total === 0
    const name = empty ? 'the file has no assertion' : `the file ended before its tests did: ${how}`
    failures.push({ name, details: stderr.trimEnd().split('\n').slice(-40) })
  }
  return {
    file,
    passed: counts.pass,
    failed: Math.max(counts.fail, failures.length),
    skipped: counts.skip + counts.todo,
    failures,
    ms: time,
  }
}

const kill = (group: number): void => {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // Already gone.
  }
}
