import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readLocal, whyUnread } from '../../config/files/local-file.js'

/**
 * Whether neither the private key nor its public key exists. With the public key alone, an agent may have the private
 * one.
 */
export const isNoKey = (file: string): boolean => !existsSync(inHome(file)) && !existsSync(`${inHome(file)}.pub`)

/** Why an existing key file cannot be read; undefined where it can, or where it does not exist. */
export const whyNoKey = (file: string): string | undefined => {
  const path = inHome(file)
  if (!existsSync(path)) return undefined
  try {
    readLocal(path)
    return undefined
  } catch (error) {
    return `cannot be read: ${whyUnread(error)}`
  }
}

const inHome = (file: string): string => (file.startsWith('~/') ? join(homedir(), file.slice(2)) : file)
