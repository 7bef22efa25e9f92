import type { Answer } from '../core/connection.js'

export type FrameEvent =
  | { readonly kind: 'started'; readonly index: number; readonly pid: number }
  | { readonly kind: 'ended'; readonly index: number }
  /** The job printed more than is accepted. One event for each stream at most. */
  | { readonly kind: 'flooded'; readonly index: number }

/** The bytes are not the answer to a batch: the shell on the host did not run its script. */
export class FrameError extends Error {}

interface Side {
  /** Bytes that may be the beginning of a frame. */
  pending: Buffer
  readonly parts: Buffer[]
  next: number
  open: boolean
  /** Bytes that the current job has printed. */
  size: number
  readonly done: { readonly rc: number; readonly bytes: Buffer }[]
}

const side = (): Side => ({ pending: Buffer.alloc(0), parts: [], next: 0, open: false, size: 0, done: [] })

/** Splits the output of one batch into the answers of its jobs, as it arrives. Output outside of jobs (a login banner) is dropped. */
export class Frames {
  readonly #nonce: Buffer
  readonly #count: number
  readonly #sides = { stdout: side(), stderr: side() }
  readonly #pids: number[] = []
  readonly #ended = new Set<number>()
  readonly #flooded = new Set<number>()
  readonly #most: number

  /** @param most bytes that a job may print on one stream; the rest is dropped, and the answer is marked `flooded` */
  constructor(nonce: string, count: number, most = Number.POSITIVE_INFINITY) {
    this.#most = most
    this.#nonce = Buffer.from(nonce, 'latin1')
    this.#count = count
  }

  /** Takes more bytes of a stream; returns the events in them, in order. @throws FrameError */
  push(stream: 'stdout' | 'stderr', bytes: Uint8Array): readonly FrameEvent[] {
    const one = this.#sides[stream]
    const events: FrameEvent[] = []
    let rest = one.pending.length === 0 ? asBuffer(bytes) : Buffer.concat([one.pending, bytes])
    for (;;) {
      const at = rest.indexOf(this.#nonce)
      const before = at < 0 ? Math.max(0, rest.length - this.#nonce.length + 1) : at
      if (one.open && before > 0 && this.#keep(one, rest.subarray(0, before))) {
        events.push({ kind: 'flooded', index: one.next })
      }
      rest = rest.subarray(before)
      const end = at < 0 ? -1 : rest.indexOf(10)
      if (end < 0) break
      const event = this.#frame(stream, rest.toString('latin1', this.#nonce.length, end))
      if (event !== undefined) events.push(event)
      rest = rest.subarray(end + 1)
    }
    // A copy, since a slice would keep the whole chunk in memory.
    one.pending = Buffer.from(rest)
    return events
  }

  get complete(): boolean {
    return this.#sides.stdout.done.length === this.#count && this.#sides.stderr.done.length === this.#count
  }

  /** The answers of the jobs that have ended, in order. */
  get answers(): readonly Answer[] {
    const { stdout, stderr } = this.#sides
    return stdout.done.slice(0, stderr.done.length).map((out, index) => ({
      rc: out.rc,
      stdout: out.bytes,
      stderr: stderr.done[index]?.bytes ?? Buffer.alloc(0),
      timedOut: this.#ended.has(index) && !this.#flooded.has(index),
      ...(this.#flooded.has(index) ? { flooded: true as const } : {}),
    }))
  }

  /** Keeps output of the current job; true when these bytes exceed the limit for the first time. */
  #keep(one: Side, bytes: Buffer): boolean {
    const before = one.size
    one.size += bytes.length
    if (one.size <= this.#most) one.parts.push(bytes)
    else this.#flooded.add(one.next)
    return one.size > this.#most && before <= this.#most
  }

  #frame(stream: 'stdout' | 'stderr', text: string): FrameEvent | undefined {
    const [, kind, written, number] = /^ ([sek]) (\d+) (\d+)$/.exec(text) ?? []
    const index = Number(written)
    const one = this.#sides[stream]
    if (kind === 'k') {
      // The job is found by its pid: it may have ended by itself, so that its last frame came before this one.
      this.#ended.add(this.#pids.lastIndexOf(Number(number)))
      return undefined
    }
    const expected = kind === (one.open ? 'e' : 's') && index === one.next && index < this.#count
    if (!expected) throw new FrameError(`frame${text} of ${stream} instead of job ${one.next}`)
    if (kind === 's') {
      one.open = true
      if (stream === 'stderr') return undefined
      this.#pids[index] = Number(number)
      return { kind: 'started', index, pid: Number(number) }
    }
    one.done.push({ rc: Number(number), bytes: Buffer.concat(one.parts.splice(0)) })
    one.open = false
    one.size = 0
    one.next += 1
    return stream === 'stdout' ? { kind: 'ended', index } : undefined
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
