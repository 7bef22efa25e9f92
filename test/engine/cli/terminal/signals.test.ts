import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

t.setTimeout(300_000)

const signals = fileURLToPath(new URL('../../../../engine/cli/terminal/signals.js', import.meta.url))

/** A run that waits; `work` is what it does meanwhile. */
const waiting = (work: string): string => `
import { open } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'
${work}
const { catchSignals } = await import(${JSON.stringify(signals)})
await catchSignals((signal, again) => console.log('heard', signal, again), () => console.log('cut off'))
console.log('ready')
setInterval(() => {}, 1_000_000)
`

const ending = async (work: string, cwd: string): Promise<{ readonly how: number | string; readonly out: string }> => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', waiting(work)], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close') as Promise<[number | null, string | null]>
  let out = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  for (const word of ['ready', 'heard SIGINT false']) {
    while (!out.includes(word)) await new Promise(setImmediate)
    child.kill('SIGINT')
  }
  const [code, signal] = await ended
  return { how: code ?? signal ?? '', out }
}

t.test('two signals end the process', async t => {
  const { how, out } = await ending('', t.testdir({}))
  t.equal(how, 130)
  t.match(out, /heard SIGINT true\ncut off/)
})

t.test('two signals end it while a system call of its pool of threads hangs', async t => {
  const dir = t.testdir({})
  execFileSync('mkfifo', [join(dir, 'pipe')])
  const { how, out } = await ending("void open('pipe')", dir)
  t.equal(how, 'SIGINT', 'a shell calls it 130')
  t.match(out, /heard SIGINT true\ncut off/)
})

t.test('so they do without a thread that hears them', async t => {
  const dir = t.testdir({})
  execFileSync('mkfifo', [join(dir, 'pipe')])
  const none = "threads.Worker = class { constructor() { throw new Error('none') } }\nsyncBuiltinESMExports()"
  t.equal((await ending(none, dir)).how, 130)
  t.equal((await ending(`${none}\nvoid open('pipe')`, dir)).how, 'SIGINT')
})
