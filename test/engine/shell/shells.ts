import { spawnSync } from 'node:child_process'
import type { Job } from '../../../engine/core/connection.js'
import { batchScript, envelope } from '../../../engine/shell/batch.js'
import { Frames } from '../../../engine/shell/frames.js'
import { opening, prelude } from '../../../engine/shell/prelude.js'

/** Every POSIX shell of this machine that can be a host's /bin/sh; dash or bash is always there. */
export const shells: readonly (readonly string[])[] = [['dash'], ['bash', '--posix'], ['busybox', 'ash']].filter(
  ([name = '', ...args]) => spawnSync(name, [...args, '-c', ':']).status === 0,
)

export const nonce = '0123456789abcdef0123456789abcdef'

/**
 * The answers of one batch in a fresh shell, in a session of its own: some jobs signal their group. The client says all that it
 * has to say and is gone.
 */
export const answers = (shell: readonly string[], jobs: readonly Job[], environment = {}) => {
  const surviving = jobs.map(job => ({ ...job, survives: true as const }))
  const input = opening + envelope(prelude(environment) + batchScript(surviving, nonce)).toString()
  const { stdout, stderr } = spawnSync('setsid', ['--wait', ...shell, '-s'], { input, maxBuffer: 1 << 28 })
  const frames = new Frames(nonce, jobs.length)
  frames.push('stdout', stdout)
  frames.push('stderr', stderr)
  if (!frames.complete) throw new Error(`no answer to all jobs: ${stdout} ${stderr}`)
  return frames.answers
}

export const said = (
  answer: { readonly rc: number; readonly stdout: Uint8Array; readonly stderr: Uint8Array } | undefined,
) => ({
  rc: answer?.rc,
  stdout: Buffer.from(answer?.stdout ?? []).toString(),
  stderr: Buffer.from(answer?.stderr ?? []).toString(),
})
