import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './project.js'
import { readTap, type TapResult } from './tap-text.js'
import { compiled, type TestFile } from './test-files.js'

export interface TestResult extends TapResult {
  readonly file: TestFile
  readonly ms: number
}

/** A file is ended after this long, with all that it started; a subtest of it, by tap itself, earlier. */
const limits = {
  unit: { fileMinutes: 30, subtestSeconds: 300 },
  lab: { fileMinutes: 60, subtestSeconds: 1800 },
} as const

/** The groups of processes that run now, so that an interrupt ends them too. */
const running = new Set<number>()

export const endAll = (): void => {
  for (const group of running) kill(group)
}

/** Runs one compiled test file in a process group of its own, without a terminal and without input. */
export const runTest = (file: TestFile): Promise<TestResult> =>
  new Promise((resolve, reject) => {
    const { fileMinutes, subtestSeconds } = limits[file.lab ? 'lab' : 'unit']
    const started = performance.now()
    const child = spawn(process.execPath, [join(root, compiled(file.source))], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TAP_TIMEOUT: String(subtestSeconds) },
    })
    const group = child.pid
    if (group !== undefined) running.add(group)
    const said = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (part: string) => {
        said[stream] += part
      })
    }
    let late = false
    const timer = setTimeout(() => {
      late = true
      if (group !== undefined) kill(group)
    }, fileMinutes * 60_000)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (group !== undefined) running.delete(group)
      const how = late
        ? `ended after ${fileMinutes} minutes`
        : signal === null
          ? `exit code ${code}`
          : `ended by ${signal}`
      resolve({ file, ms: performance.now() - started, ...judge(said, code === 0, how) })
    })
  })

/** What the file said, and that it failed where its process did, or where it tested nothing. */
const judge = (said: { readonly stdout: string; readonly stderr: string }, ok: boolean, how: string): TapResult => {
  const tap = readTap(said.stdout) ?? { passed: 0, failed: 0, skipped: 0, failures: [] }
  const empty = tap.passed + tap.failed + tap.skipped === 0
  if (tap.failed > 0 || (ok && !empty)) return tap
  const lines = `${said.stdout}\n${said.stderr}`.trim().split('\n').slice(-40)
  const name = ok ? 'the file has no assertion' : how
  return { ...tap, failed: 1, failures: [...tap.failures, { name, details: lines }] }
}

const kill = (group: number): void => {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // Already gone.
  }
}
