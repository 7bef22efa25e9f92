import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A number of seconds for sleep(1) that no other process has, so that a test can find its own. */
export const unique = (): string => `97.${Math.floor(Math.random() * 1e9)}`

/** The command lines of all processes that hold the text. */
export const running = (text: string): readonly string[] => processes(text).map(({ line }) => line)

export const pidsOf = (text: string): readonly number[] => processes(text).map(({ pid }) => pid)

const processes = (text: string): readonly { readonly pid: number; readonly line: string }[] =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        return [{ pid: Number(pid), line: readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ') }]
      } catch {
        return []
      }
    })
    .filter(({ line }) => line.includes(text))

/** Until it was ended and waited for. */
export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** How many timers keep this process from its end. */
export const timers = (): number => process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length

/** Waits until it holds; gives up after half a minute. */
export const until = async (holds: () => boolean): Promise<boolean> => {
  for (let turn = 0; turn < 300; turn += 1) {
    if (holds()) return true
    await sleep(100)
  }
  return false
}

/** What a promise was rejected with, as a failure. */
export const failureOf = async (what: Promise<unknown>) => {
  const error = await what.then(
    () => undefined,
    (reason: {
      readonly failure?: {
        readonly kind: string
        readonly code?: string
        readonly message?: string
        readonly remedy?: string
      }
    }) => reason,
  )
  if (error === undefined) throw new Error('it was to fail, and did not')
  if (error.failure === undefined) throw error
  return error.failure
}
