import type { Job } from '../core/connection.js'
import { exports } from './prelude.js'
import { quote } from './quote.js'

/**
 * The script of a batch: one compound command, so that the shell has read all of it before the first job starts, and the
 * input belongs to the watcher from then on.
 *
 * Around its output each job prints `NONCE s INDEX PID` and `NONCE e INDEX RC`, on standard output and standard error.
 * The nonce stands only in the text of these commands and never in a variable or function, where a job's `set` would print it.
 * The watcher is gone before the last frame is written: the next batch's text must not be read by it.
 *
 * @param nonce 32 hex digits, new for each batch
 */
export const batchScript = (jobs: readonly Job[], nonce: string): string =>
  [
    `{ ( tk_watch ${nonce} ${patience(jobs)} ) <&4 4<&- &`,
    'tk_w=$!',
    ...jobs.flatMap((job, index) => [
      jobText(job, nonce, index),
      'tk_r=$?',
      ...(index === jobs.length - 1 ? ['kill -KILL $tk_w; wait $tk_w'] : []),
      `printf '${nonce} e ${index} %s\\n' $tk_r; printf '${nonce} e ${index} %s\\n' $tk_r >&3`,
    ]),
    '}',
    '',
  ].join('\n')

/**
 * The bytes to send for a script. bash reads its input byte by byte, seconds for a megabyte, so it is told to have head
 * read it; other shells have read ahead already, and go on with the text. So does bash where there is no head.
 */
export const envelope = (script: string): Buffer => {
  const body = Buffer.from(script)
  if (body.length < 2048) return body
  return Buffer.concat([Buffer.from(`[ -z "$BASH_VERSION" ] || eval "$(head -c ${body.length})"\n`), body])
}

/** Seconds for what is all but done when the client goes: nobody hears of it, and the next run finds it done. */
const grace = 2

/** ms that a shell counts in seconds without fail: 24 days and more are as long as it likes. */
const longestCounted = 2 ** 31

/** Seconds that a job may still take when the client is gone; 0 where it may take as long as it likes. */
const patience = (jobs: readonly Job[]): number => {
  if (jobs.every(job => job.survives !== true)) return grace
  const limits = jobs.map(job => job.timeout ?? Number.POSITIVE_INFINITY)
  const longest = Math.max(...limits)
  return longest < longestCounted ? Math.ceil(longest / 1000) : 0
}

const jobText = (job: Job, nonce: string, index: number): string => {
  const body = [
    // $$ is the channel's shell even in here; the kernel tells which process this is, without a fork.
    'read -r tk_p tk_x </proc/self/stat',
    `printf '${nonce} s ${index} %s\\n' "$tk_p"; printf '${nonce} s ${index} %s\\n' "$tk_p" >&2`,
    ...exports(job.env ?? {}),
    ...(job.cwd === undefined ? [] : [`cd -- ${quote(job.cwd)} || exit`]),
    // The blank: bash takes a leading dash for an option of eval.
    `eval ${quote(` ${job.sh}`)}`,
  ].join('\n')
  const input = job.stdin === undefined ? undefined : source(job.stdin)
  const subshell = `( ${body}\n)`
  return input === undefined ? `${subshell} </dev/null 2>&3 3>&- 4<&-` : `${input} | ${subshell} 2>&3 3>&- 4<&-`
}

/** printf is a builtin everywhere, so the bytes never stand in an argv. Text goes as it is; what a shell may not carry goes as base64. */
const source = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.every(byte => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x09)
    ? `printf '%s' ${quote(buffer.toString('latin1'))} 3>&- 4<&-`
    : `printf '%s' ${quote(buffer.toString('base64'))} 3>&- 4<&- | base64 -d 3>&- 4<&-`
}
