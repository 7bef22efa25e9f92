import type { Answer } from '../core/connection.js'

export type FrameEvent =
  | { readonly kind: 'started'; readonly index: number; readonly pid: number }
  | { readonly kind: 'ended'; readonly index: number }
  /** It has printed more than is taken: said once a stream. */
  | { readonly kind: 'flooded'; readonly index: number }

/** The bytes are not what a batch answers: the shell on the other side is not the one that was asked. */
export class FrameError extends Error {}

interface Side {
  /** Not yet told apart: may be the beginning of a frame. */
  pending: Buffer
  readonly parts: Buffer[]
  next: number
  open: boolean
  /** Bytes of the job at work. */
  size: number
  readonly done: { readonly rc: number; readonly bytes: Buffer }[]
}

const side = (): Side => ({ pending: Buffer.alloc(0), parts: [], next: 0, open: false, size: 0, done: [] })

/** Takes the answer of one batch apart as it comes in. What stands outside of any job (a login's greeting) is dropped. */
export class Frames {
  readonly #nonce: Buffer
  readonly #count: number
  readonly #sides = { stdout: side(), stderr: side() }
  readonly #pids: number[] = []
  readonly #ended = new Set<number>()
  readonly #flooded = new Set<number>()
  readonly #most: number

  /** @param most bytes that a job may print on one stream; what comes after is dropped, and said */
  constructor(nonce: string, count: number, most = Number.POSITIVE_INFINITY) {
    this.#most = most
    this.#nonce = Buffer.from(nonce, 'latin1')
    this.#count = count
  }

  /** What became known by these bytes, in order. @throws FrameError */
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
    // A copy: a slice would keep the whole chunk alive.
    one.pending = Buffer.from(rest)
    return events
  }

  get complete(): boolean {
    return this.#sides.stdout.done.length === this.#count && this.#sides.stderr.done.length === this.#count
  }

  /** Those that are complete, in order. */
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

  /** Whether this is where it became too much. */
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
      // By its pid: the job may have ended by itself, and its frame come first.
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
