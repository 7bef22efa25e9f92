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
  /** The names of the enclosing subtests, then the assertion. */
  readonly name: string
  readonly details: readonly string[] | object
}

/** Seconds after which a test file, with all its processes, is ended; tap ends a subtest earlier. */
const limitsOf = ({ lab }: TestFile): { readonly fileSeconds: number; readonly subtestSeconds: number } =>
  lab ? { fileSeconds: 3600, subtestSeconds: 1800 } : { fileSeconds: 1800, subtestSeconds: 300 }

/** `t.spawn` adds tap's recorder of loaded files to NODE_OPTIONS; tests run without it. */
const ownOptions = process.env['NODE_OPTIONS']
const nodeOptions = ownOptions === undefined ? ['-u', 'NODE_OPTIONS'] : [`NODE_OPTIONS=${ownOptions}`]

/** The process groups that are running, so that an interrupt can end them. */
const running = new Set<number>()

export const endAll = (): void => {
  for (const group of running) kill(group)
}

/** Starts tap's runner: `jobs` files at a time, without output of its own; it sets the exit code. */
export const startRunner = (jobs: number): void => {
  t.setTimeout(0)
  t.jobs = jobs
  t.register()
  t.resume()
}

/** Runs one compiled test file in its own process group, without terminal and input. */
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
    // Remaining processes of the group are ended: they may keep the output open, for which tap would wait.
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
