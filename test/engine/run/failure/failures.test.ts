import t from 'tap'
import type { Failure } from '../../../../engine/core/failure.js'
import { reported } from '../../../../engine/run/failure/failures.js'

const raw = (stderr: string) => ({ rc: 1, stdout: new Uint8Array(), stderr: Buffer.from(stderr) })
const applied = (stderr: string, secret = false): Failure => ({
  kind: 'apply-failed',
  command: 'write /srv/x',
  raw: raw(stderr),
  ...(secret ? { secret } : {}),
})

t.test('what any program may meet has words, unless the author judges its output', async t => {
  const full = 'cat: write error: No space left on device'
  t.match(reported(applied(full)).message, { what: /no room left/, remedy: /df -h/ })
  t.match(reported(applied('touch: /x: Read-only file system')).message, { what: /only be read/, remedy: /dmesg/ })
  t.equal(reported(applied('cat: /x: Input/output error')).message, undefined)
  t.equal(reported({ kind: 'task-failed', message: 'no', raw: raw(full), command: 'report' }).message, undefined)
})

t.test('what a secret command said is judged and not told', async t => {
  const { failure, message } = reported(applied('hunter2: No space left on device', true))
  t.match(message, { what: /no room left/ })
  t.match(failure, { command: 'write /srv/x', raw: { rc: 1 } })
  t.notMatch(JSON.stringify(failure), /hunter2|104,117,110/)
  t.equal('raw' in failure && failure.raw?.stderr.length, 0)
})
