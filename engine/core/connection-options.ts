import type { Target } from './connection.js'

const kinds: ReadonlyMap<string, Target['kind']> = new Map([
  ['ssh', 'ssh'],
  ['smart', 'ssh'],
  ['paramiko', 'ssh'],
  ['local', 'local'],
  ['fake', 'fake'],
])

const short = (word: string): string => word.replace(/^ansible\.builtin\./, '')

/** The kind of connection that `ansible_connection` names; undefined for a name that tkplay does not know. */
export const connectionKind = (word: string): Target['kind'] | undefined => kinds.get(short(word))

/** A TCP port, 1 to 65535; undefined for any other text. */
export const portOf = (text: string): number | undefined => {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 && number < 65_536 ? number : undefined
}

/** Seconds, with or without a fraction; undefined where the text is not a number. */
export const secondsOf = (text: string): number | undefined =>
  /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) : undefined

/** The program that changes the user; undefined for a become method that tkplay does not support. */
export const becomeMethod = (word: string): 'sudo' | 'su' | undefined => {
  const name = short(word)
  return name === 'sudo' || name === 'su' ? name : undefined
}

/**
 * The first connection variable with a value, in the order of the names; `tkplay_NAME` comes before `ansible_NAME`.
 * Null counts as not set.
 */
export const firstDefined = <T>(
  names: readonly string[],
  get: (variable: string) => T | null | undefined,
): T | undefined => {
  for (const name of names) {
    const value = get(`tkplay_${name}`) ?? get(`ansible_${name}`)
    if (value !== null && value !== undefined) return value
  }
  return undefined
}
