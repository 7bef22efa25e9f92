import type { Job } from '../core/connection.js'
import { exports } from './prelude.js'
import { quote } from './quote.js'

/**
 * The script of a batch. The script is one compound command: the shell has read all of it before the first job starts, so
 * that from then on only the watcher (`tk_watch` in prelude.ts) reads the shell's input.
 *
 * Each job prints `NONCE s INDEX PID` before its output and `NONCE e INDEX RC` after it, on standard output and on standard
 * error. The nonce is written in the text of these commands only: a job's `set` would print it from a variable or function.
 * The watcher is ended before the last frame is written, because the watcher would read the text of the next batch.
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
 * The bytes to send for a script. bash reads its input byte by byte, which takes seconds for a megabyte, so bash is made to
 * read the script through `head`. Other shells read blocks anyway, and run the script directly, as bash does without `head`.
 */
export const envelope = (script: string): Buffer => {
  const body = Buffer.from(script)
  if (body.length < 2048) return body
  return Buffer.concat([Buffer.from(`[ -z "$BASH_VERSION" ] || eval "$(head -c ${body.length})"\n`), body])
}

/** Seconds in which jobs may still end when the client is gone. */
const grace = 2

/** ms, 24 days. Longer limits count as no limit, since the arithmetic of some shells has 32 bits. */
const longestCounted = 2 ** 31

/** Seconds that a batch may still take when the client is gone; 0 without a limit. */
const patience = (jobs: readonly Job[]): number => {
  if (jobs.every(job => job.survives !== true)) return grace
  const limits = jobs.map(job => job.timeout ?? Number.POSITIVE_INFINITY)
  const longest = Math.max(...limits)
  return longest < longestCounted ? Math.ceil(longest / 1000) : 0
}

const jobText = (job: Job, nonce: string, index: number): string => {
  const body = [
    // In a subshell `$$` is still the channel's shell. /proc/self/stat gives the pid of the subshell without a fork.
    'read -r tk_p tk_x </proc/self/stat',
    `printf '${nonce} s ${index} %s\\n' "$tk_p"; printf '${nonce} s ${index} %s\\n' "$tk_p" >&2`,
    ...exports(job.env ?? {}),
    ...(job.cwd === undefined ? [] : [`cd -- ${quote(job.cwd)} || exit`]),
    // The leading blank keeps bash from taking a dash for an option of eval.
    `eval ${quote(` ${job.sh}`)}`,
  ].join('\n')
  const input = job.stdin === undefined ? undefined : source(job.stdin)
  const subshell = `( ${body}\n)`
  return input === undefined ? `${subshell} </dev/null 2>&3 3>&- 4<&-` : `${input} | ${subshell} 2>&3 3>&- 4<&-`
}

/**
 * A command that prints the bytes. printf is a builtin of every shell, so the bytes appear in no argv. Printable text is quoted
 * as it is; anything else is sent as base64, since a shell word cannot hold every byte.
 */
const source = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.every(byte => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x09)
    ? `printf '%s' ${quote(buffer.toString('latin1'))} 3>&- 4<&-`
    : `printf '%s' ${quote(buffer.toString('base64'))} 3>&- 4<&- | base64 -d 3>&- 4<&-`
}
