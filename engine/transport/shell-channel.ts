import { randomBytes } from 'node:crypto'
import type { Readable, Writable } from 'node:stream'
import type { Answer, BatchOptions, Channel, Job } from '../core/connection.js'
import { CutOff, TkplayError, Unreachable } from '../core/failure.js'
import { Timer } from '../core/timer.js'
import { batchScript, envelope } from '../shell/batch.js'
import { controlLine } from '../shell/control.js'
import { FrameError, Frames } from '../shell/frames.js'
import { opening, prelude } from '../shell/prelude.js'

/** Why the shell ended, as a phrase. */
export interface ShellEnd {
  readonly reason: string
  /** The shell ended with an exit code, and not because of a signal, the connection or the host. */
  readonly byItself: boolean
}

/** The streams of a new `/bin/sh -s`. */
export interface ShellStreams {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Calls back once, when the shell has ended. */
  onEnd(listener: (end: ShellEnd) => void): void
  /** Ends the shell and closes the streams. */
  destroy(): void
}

export interface ShellChannelOptions {
  /** For messages: user@address:port. */
  readonly target: string
  readonly environment?: { readonly [name: string]: string }
  /** ms for the first answer: a login shell may hang silently, which nothing else would detect. */
  readonly patience?: number
  /** Called for each batch sent. */
  readonly onBatch?: () => void
  /** Called once, when the channel cannot be used any more. */
  readonly onClosed?: () => void
}

interface Batch {
  readonly jobs: readonly Job[]
  readonly frames: Frames
  readonly resolve: (answers: readonly Answer[]) => void
  readonly reject: (error: Error) => void
  readonly nonce: string
  /** When the answer of each job was complete: ms since 1970. */
  readonly ended: number[]
  aborted: boolean
  running: { readonly index: number; readonly pid: number } | undefined
  timer: Timer | undefined
  forget: () => void
}

/** ms for the host to end a job: twice two seconds for its processes, and time for the message. */
const endingTakes = 15_000
const piece = 256 * 1024

/** Bytes that one command may print on one stream. More would fill the memory of this process. */
export const mostOutput = 128 * 1024 * 1024

/** Batches on one shell: one at a time, a round trip for each. */
export class ShellChannel implements Channel {
  readonly #streams: ShellStreams
  readonly #options: ShellChannelOptions
  readonly #queue: Batch[] = []
  #current: Batch | undefined
  /** Makes the error on demand: most channels are closed while nobody waits, and the stack of an error is expensive. */
  #closed: (() => Error) | undefined
  #retired = false
  #answered = false
  /** Sent together with the first batch, in one packet. */
  #prelude: string
  #noise = ''
  #firstAnswer: Timer | undefined

  constructor(streams: ShellStreams, options: ShellChannelOptions) {
    this.#streams = streams
    this.#options = options
    this.#prelude = prelude(options.environment)
    // onEnd gives the reason. An 'error' event without a listener would end the process.
    for (const stream of [streams.stdin, streams.stdout, streams.stderr]) stream.on('error', () => {})
    streams.stdout.on('data', (bytes: Buffer) => this.#receive('stdout', bytes))
    streams.stderr.on('data', (bytes: Buffer) => this.#receive('stderr', bytes))
    streams.onEnd(end => this.#end(() => this.#endError(end)))
  }

  get closed(): boolean {
    return this.#closed !== undefined
  }

  run(jobs: readonly Job[], { signal }: BatchOptions = {}): Promise<readonly Answer[]> {
    if (signal?.aborted === true) return Promise.reject(interrupted())
    if (this.#closed !== undefined) return Promise.reject(this.#closed())
    if (jobs.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      const nonce = randomBytes(16).toString('hex')
      const frames = new Frames(nonce, jobs.length, mostOutput)
      const forget = (): void => signal?.removeEventListener('abort', abort)
      const rest = { aborted: false, ended: [], running: undefined, timer: undefined, forget }
      const batch: Batch = { jobs, nonce, frames, resolve, reject, ...rest }
      const abort = (): void => this.#abort(batch)
      signal?.addEventListener('abort', abort, { once: true })
      this.#queue.push(batch)
      this.#next()
    })
  }

  /** Closes the channel after all batches in the queue. */
  retire(): void {
    this.#retired = true
    // Later, since a caller may just have got this channel and not called `run` yet.
    setImmediate(() => this.#next())
  }

  close(): void {
    this.#end(() => new Unreachable('lost', `the channel to ${this.#options.target} was closed`, 'open it again'))
  }

  #next(): void {
    if (this.#current !== undefined || this.#closed !== undefined) return
    const batch = this.#queue.shift()
    if (batch === undefined) {
      if (this.#retired) this.close()
      return
    }
    let script: Buffer
    try {
      const text = envelope(this.#prelude + batchScript(batch.jobs, batch.nonce))
      script = this.#prelude === '' ? text : Buffer.concat([Buffer.from(opening), text])
    } catch (error) {
      batch.forget()
      batch.reject(error as Error)
      this.#next()
      return
    }
    this.#prelude = ''
    this.#current = batch
    this.#options.onBatch?.()
    const { patience } = this.#options
    if (!this.#answered && patience !== undefined) {
      this.#firstAnswer = new Timer(patience, () => this.#end(() => this.#silent(patience)))
    }
    void this.#send(script)
  }

  async #send(script: Buffer): Promise<void> {
    for (let at = 0; at < script.length && this.#closed === undefined; at += piece) {
      const taken = this.#streams.stdin.write(script.subarray(at, at + piece))
      if (!taken && at + piece < script.length) await drained(this.#streams.stdin)
      this.#firstAnswer?.restart()
    }
  }

  #receive(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    const batch = this.#current
    if (batch === undefined || !this.#answered) this.#keepNoise(bytes)
    if (batch === undefined) return
    try {
      for (const event of batch.frames.push(stream, bytes)) {
        this.#answered = true
        this.#firstAnswer?.cancel()
        if (event.kind === 'started') this.#started(batch, event)
        else if (event.kind === 'flooded') this.#tell('end', batch)
        else this.#jobEnded(batch, event.index)
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      this.#end(() => this.#lost(error.message))
      return
    }
    if (batch.frames.complete) this.#done(batch)
  }

  #started(batch: Batch, job: { readonly index: number; readonly pid: number }): void {
    batch.running = job
    const timeout = batch.jobs[job.index]?.timeout
    if (batch.aborted) this.#tell('abort', batch)
    else if (timeout !== undefined) batch.timer = new Timer(timeout, () => this.#tell('end', batch))
  }

  #jobEnded(batch: Batch, index: number): void {
    batch.ended[index] = Date.now()
    batch.timer?.cancel()
    batch.running = undefined
  }

  #done(batch: Batch): void {
    this.#current = undefined
    batch.forget()
    // If the batch was aborted after its last job, the answers count.
    batch.resolve(batch.frames.answers.map((answer, index) => ({ ...answer, at: batch.ended[index] ?? Date.now() })))
    this.#next()
  }

  /**
   * Tells the host to end the running job. If the host does not (a process blocked in the kernel), the channel is
   * closed.
   */
  #tell(kind: 'end' | 'abort', batch: Batch): void {
    const job = batch.running
    if (job === undefined) return
    this.#streams.stdin.write(controlLine(kind, job.pid))
    batch.timer?.cancel()
    batch.timer = new Timer(endingTakes, () =>
      this.#end(() => this.#lost('a command that was told to end did not, or the host is gone')),
    )
  }

  #abort(batch: Batch): void {
    batch.aborted = true
    if (batch === this.#current) {
      this.#tell('abort', batch)
      return
    }
    this.#queue.splice(this.#queue.indexOf(batch), 1)
    batch.forget()
    batch.reject(interrupted())
  }

  /** Keeps the first output outside of jobs, which may tell why there is no shell. */
  #keepNoise(bytes: Buffer): void {
    if (this.#noise.length < 2000) this.#noise += bytes.toString('utf8')
  }

  #lost(reason: string): Unreachable {
    return this.#endError({ reason, byItself: false })
  }

  /**
   * The error for the end of the shell: 'no-shell' if it never answered a job, and printed something else or exited by
   * itself; otherwise a lost connection.
   */
  #endError({ reason, byItself }: ShellEnd): Unreachable {
    const { target } = this.#options
    const said = this.#noise.trim().slice(0, 500)
    if (this.#answered || (said === '' && !byItself)) return lostConnection(target, reason)
    return noShell(target, said === '' ? `${reason}, without a word` : said)
  }

  #silent(patience: number): Unreachable {
    const said = this.#noise.trim().slice(0, 500)
    return noShell(this.#options.target, `no answer in ${patience / 1000} s${said === '' ? '' : `: ${said}`}`)
  }

  #end(error: () => Error): void {
    if (this.#closed !== undefined) return
    this.#closed = error
    this.#firstAnswer?.cancel()
    this.#streams.destroy()
    for (const batch of [...(this.#current === undefined ? [] : [this.#current]), ...this.#queue.splice(0)]) {
      batch.timer?.cancel()
      batch.forget()
      batch.reject(batch.aborted ? new CutOff() : error())
    }
    this.#current = undefined
    this.#options.onClosed?.()
  }
}

export const noShell = (target: string, why: string): Unreachable =>
  new Unreachable(
    'no-shell',
    `${target} gives no shell: ${why}`,
    `give the user a login shell that can run commands: ssh ${target.replace(/:\d+$/, '')} /bin/sh -c true`,
  )

/** @param target user@address:port */
export const lostConnection = (target: string, reason: string): Unreachable =>
  new Unreachable('lost', `lost the connection to ${target}: ${reason}`, 'see that the host is up, then run again')

const interrupted = (): TkplayError => new TkplayError({ kind: 'interrupted' })

const drained = (stream: Writable): Promise<void> =>
  new Promise(resolve => {
    const settle = (): void => {
      for (const event of ['drain', 'close', 'error']) stream.off(event, settle)
      resolve()
    }
    for (const event of ['drain', 'close', 'error']) stream.on(event, settle)
  })
