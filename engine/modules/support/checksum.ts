import { createHash } from 'node:crypto'

const digest = (algorithm: string, data: string | Uint8Array): string =>
  createHash(algorithm).update(data).digest('hex')

/** Hex, of the bytes or of the text as UTF-8. */
export const sha256 = (data: string | Uint8Array): string => digest('sha256', data)

/** Hex: what Ansible returns as `checksum`. */
export const sha1 = (data: string | Uint8Array): string => digest('sha1', data)

/** The sum in a line of sha256sum, which puts a backslash before it where it has to escape the file's name. */
export const sumIn = (line: string): string => line.replace(/^\\/, '').slice(0, 64)
