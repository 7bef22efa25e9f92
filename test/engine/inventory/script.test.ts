import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Builder } from '../../../engine/inventory/builder.js'
import { readScript } from '../../../engine/inventory/script.js'
import { saidLater } from '../config/errors.js'

const script = (t: Test, text: string): string => {
  const file = join(t.testdir({}), 'inventory')
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
  return file
}

t.test('one that does not answer is told of, and ended with what it started', async t => {
  const file = script(t, 'sleep 600 & echo $! >"$0.pid"; wait')
  const said: string[] = []
  const why = await saidLater(() => readScript(file, new Builder(line => said.push(line)), { said: 50, ended: 500 }))
  t.match(why, /the inventory script failed: no answer in 0\.5 s/)
  t.strictSame(said, [`waiting for the inventory script: ${file} --list`])
  const pid = readFileSync(`${file}.pid`, 'utf8').trim()
  while (existsSync(`/proc/${pid}/exe`)) await new Promise(setImmediate)
})

t.test('one that stops neither for a signal nor its output holds nobody up', async t => {
  const file = script(t, "trap '' TERM; while :; do sleep 0.2; done; exit")
  t.match(await saidLater(() => readScript(file, new Builder(), { said: 1000, ended: 100 })), /no answer in 0\.1 s/)
})

t.test('one that prints without end', async t => {
  t.match(
    await saidLater(() => readScript(script(t, 'exec yes'), new Builder())),
    /failed: it printed more than 64 MiB/,
  )
})

t.test('one whose interpreter is not there', async t => {
  const file = join(t.testdir({}), 'inventory')
  writeFileSync(file, '#!/there/is/none\n')
  chmodSync(file, 0o755)
  t.match(
    await saidLater(() => readScript(file, new Builder())),
    /failed: it was not started: the interpreter that its first line names is not there/,
  )
})
