import { createHash } from 'node:crypto'

const digest = (algorithm: string, data: string | Uint8Array): string =>
  createHash(algorithm).update(data).digest('hex')

/** Hex, of the bytes or of the text as UTF-8. */
export const sha256 = (data: string | Uint8Array): string => digest('sha256', data)

/** Hex: what Ansible returns as `checksum`. */
export const sha1 = (data: string | Uint8Array): string => digest('sha1', data)
