import { type Row, Terminal } from './terminal.js'

/** The output of a command, with the seconds since its start. */
export interface Recorded {
  /** As a user types it. */
  readonly command: string
  readonly output: readonly { readonly at: number; readonly text: string }[]
}

/** A screen, and its time: seconds since the beginning of the film. */
export interface Frame {
  readonly at: number
  readonly screen: readonly Row[]
}

export interface Playback {
  readonly columns: number
  readonly rows: number
  /** Seconds; a command that took longer is shown faster. */
  readonly longest: number
  /** Seconds between two frames. */
  readonly step: number
  /** Seconds for which the last screen of a command is shown. */
  readonly rest: number
}

/** The frames of several commands, one after the other on one screen, and the duration of all. */
export const framesOf = (
  session: readonly Recorded[],
  { columns, rows, longest, step, rest }: Playback,
): { readonly frames: readonly Frame[]; readonly duration: number } => {
  const terminal = new Terminal(columns, rows)
  const frames: Frame[] = []
  let start = 0
  const show = (at: number): void => {
    const screen = terminal.screen()
    if (JSON.stringify(screen) !== JSON.stringify(frames.at(-1)?.screen)) frames.push({ at, screen })
  }
  for (const { command, output } of session) {
    const taken = output.at(-1)?.at ?? 0
    const speed = Math.max(1, taken / longest)
    terminal.write(`\u001b[0;1m$ ${command}\u001b[0m\r\n`)
    show(start)
    let next = step
    for (const { at, text } of output) {
      if (at / speed >= next) {
        show(start + next)
        next = (Math.floor(at / speed / step) + 1) * step
      }
      terminal.write(text)
    }
    start += taken / speed + step
    show(start)
    start += rest
  }
  return { frames, duration: start }
}

/**
 * Reads the files of script(1): the log, and the timing file (a delay in seconds, and the number of bytes after it).
 */
export const readScript = (log: Buffer, timing: string): Recorded['output'] => {
  // The log begins with a line about the start.
  let offset = log.indexOf('\n') + 1
  let at = 0
  const decoder = new TextDecoder()
  return timing
    .trim()
    .split('\n')
    .map(line => {
      const [delay = 0, bytes = 0] = line.split(' ').map(Number)
      at += delay
      const text = decoder.decode(log.subarray(offset, offset + bytes), { stream: true })
      offset += bytes
      return { at, text }
    })
}
