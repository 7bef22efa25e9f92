import type { Target } from './connection.js'

const kinds: ReadonlyMap<string, Target['kind']> = new Map([
  ['ssh', 'ssh'],
  ['smart', 'ssh'],
  ['paramiko', 'ssh'],
  ['local', 'local'],
  ['fake', 'fake'],
])

const short = (word: string): string => word.replace(/^ansible\.builtin\./, '')

/** What a connection's name means; undefined where there is no such. */
export const connectionKind = (word: string): Target['kind'] | undefined => kinds.get(short(word))

/** Undefined for what is no port. */
export const portOf = (text: string): number | undefined => {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 && number < 65_536 ? number : undefined
}

/** Undefined for what is no number of seconds. */
export const secondsOf = (text: string): number | undefined =>
  /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined

/** Undefined for what is not offered. */
export const becomeMethod = (word: string): 'sudo' | 'su' | undefined => {
  const name = short(word)
  return name === 'sudo' || name === 'su' ? name : undefined
}

/** The first value that connection variables give under these names: `tkplay_*` before `ansible_*`. Null is not given. */
export const firstGiven = <T>(
  names: readonly string[],
  get: (variable: string) => T | null | undefined,
): T | undefined => {
  for (const name of names) {
    const value = get(`tkplay_${name}`) ?? get(`ansible_${name}`)
    if (value !== null && value !== undefined) return value
  }
  return undefined
}
