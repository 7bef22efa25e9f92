import type { ChildProcess } from 'node:child_process'

/** Not SIGHUP: there is nobody left to tell, and nohup means to be left alone. */
const signals = ['SIGINT', 'SIGTERM'] as const

let front: ChildProcess | undefined

/** Ends this process at a signal, and says what that means. What is half done is found by the next one. */
export const whenInterrupted = (words: string): void => {
  for (const signal of signals)
    process.on(signal, () => {
      if (front !== undefined) return
      process.stderr.write(`\n${signal}: ${words}\n`)
      process.exit(INTERRUPTED)
    })
}

export const INTERRUPTED = 130

/**
 * While a program has the terminal it hears Ctrl-C by itself, and how it takes it is its own affair: it is waited for. A signal
 * that is sent to this process alone is passed on. @returns what takes the terminal back
 */
export const letFront = (child: ChildProcess): (() => void) => {
  const ignore = (): void => undefined
  const pass = (): void => void child.kill('SIGTERM')
  front = child
  process.on('SIGINT', ignore).on('SIGTERM', pass)
  return () => {
    front = undefined
    process.off('SIGINT', ignore).off('SIGTERM', pass)
  }
}
