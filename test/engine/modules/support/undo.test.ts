import t from 'tap'
import { ApplyFailed } from '../../../../engine/core/failure.js'
import type { Raw, Session } from '../../../../engine/core/module.js'
import { text } from '../../../../engine/core/read.js'
import { orUndo } from '../../../../engine/modules/support/undo.js'

const raw = (stderr: string): Raw => ({ rc: 1, stdout: new Uint8Array(), stderr: Buffer.from(stderr) })

t.test('a failure keeps what it says where the file cannot be put back', async t => {
  const more = { diagnosis: { code: 'x', data: null }, secret: true, result: { status_code: 1 } }
  const full = { put: () => Promise.reject(new ApplyFailed('put', raw('full'))) } as Partial<Session> as Session
  const failing = orUndo(full, [{ path: '/etc/fstab', text: '' }], () =>
    Promise.reject(new ApplyFailed('mount', raw('no such device\n'), more)),
  )
  const error = await failing.catch((caught: unknown) => caught)
  if (!(error instanceof ApplyFailed)) throw error
  t.match(error.failure, { kind: 'apply-failed', command: 'mount', ...more })
  t.equal(text(error.raw.stderr), 'no such device\nalso, /etc/fstab could not be put back\n')
})
