import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { projectRoot } from '../../../lab/state/paths.js'
import { withLock } from '../../../lab/support/lock.js'
import { silent } from '../../../lab/support/log.js'

t.setTimeout(300_000)

/** In a group of its own, as a shell starts it; what it prints until it ends. */
const start = (args: readonly string[]) => {
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const seen = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      text += String(chunk)
      for (const look of seen) look()
    })
  return {
    /** Ctrl-C on a terminal reaches the whole group. */
    interrupt: () => process.kill(-(child.pid ?? 0), 'SIGINT'),
    child,
    /** Whether it was printed before, or comes yet. */
    said: (word: string) =>
      new Promise<void>(done => {
        const look = () => (text.includes(word) ? done() : undefined)
        seen.add(look)
        look()
      }),
    over: once(child, 'close').then(([code]) => ({ code, text })),
  }
}

t.test('lab up says that the same command goes on', async t => {
  const name = 'test-interrupted'
  // Held by another, it waits: no host is booted.
  await withLock(name, silent, async () => {
    const up = start([join(projectRoot, 'dist/lab/cli.js'), 'up', '1', '--name', name])
    await up.said('waiting for process')
    up.interrupt()
    const { code, text } = await up.over
    t.equal(code, 130)
    t.match(
      text,
      /SIGINT: what stands stays as it is\n {2}→ give the same command again: it goes on where this one stopped/,
    )
  })
})

const moduleUrl = (file: string): string => pathToFileURL(join(projectRoot, 'dist/lab', file)).href

/** A program in front of which this process stands, as the quickstart stands behind tkplay. */
const behind = (script: string) =>
  start([
    '--input-type=module',
    '-e',
    `import { whenInterrupted } from '${moduleUrl('terminal/interrupt.js')}'
     import { handOver } from '${moduleUrl('terminal/hand-over.js')}'
     whenInterrupted('should not be said')
     const code = await handOver(['sh', '-c', ${JSON.stringify(script)}])
     console.log('it ended with ' + code)`,
  ])

t.test('a program that has the terminal ends in its own way, and is waited for', async t => {
  const run = behind('trap "sleep 0.2; echo its recap; exit 130" INT; echo ready; while :; do sleep 0.1; done')
  await run.said('ready')
  run.interrupt()
  const { code, text } = await run.over
  t.equal(code, 0)
  t.match(text, /its recap\nit ended with 130\n$/)
  t.notMatch(text, /should not/)
})

t.test('a SIGTERM is passed on to it', async t => {
  const run = behind('trap "echo its end; exit 3" TERM; echo ready; while :; do sleep 0.1; done')
  await run.said('ready')
  run.child.kill('SIGTERM')
  t.match((await run.over).text, /its end\nit ended with 3\n$/)
})
