import { readLocal, whyUnread } from '../../config/files/local-file.js'
import { ConfigError } from '../../core/failure.js'
import { keyType } from './known-hosts.js'

/** Revoked key in base64 → its line number. */
export type RevokedKeys = ReadonlyMap<string, number>

/**
 * Reads a RevokedHostKeys file with one public key a line. @throws ConfigError where the file cannot be read: like ssh,
 * tkplay then trusts no host
 */
export const revokedKeys = (file: string): RevokedKeys => {
  const bytes = read(file)
  if (bytes.toString('latin1', 0, 6) === 'SSHKRL')
    throw new ConfigError({
      message: `RevokedHostKeys ${file} is not supported: it is a binary list (KRL)`,
      hint: 'write the revoked public keys as text, one a line, as in a .pub file',
    })
  return new Map(bytes.toString('utf8').split('\n').flatMap(revoked))
}

const read = (file: string): Buffer => {
  try {
    return readLocal(file)
  } catch (error) {
    throw new ConfigError({
      message: `RevokedHostKeys ${file} cannot be read: ${whyUnread(error)}`,
      hint: 'correct the path: no host is trusted without the list',
    })
  }
}

const revoked = (line: string, index: number): readonly (readonly [string, number])[] => {
  const [type = '', body = ''] = line.trim().split(/\s+/)
  const key = Buffer.from(body, 'base64')
  return type !== '' && keyType(key) === type ? [[key.toString('base64'), index + 1]] : []
}
