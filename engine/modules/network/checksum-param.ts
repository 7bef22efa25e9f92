import type { JsonSchema } from '../../core/json.js'
import { str } from '../support/schema.js'
import { type Digest, digitsOf } from './digests.js'

const hexForms = Object.entries(digitsOf).map(([algorithm, length]) => `${algorithm}:\\s*[0-9a-fA-F]{${length}}`)

/** A digest of the right length, or where a list of digests is; empty for none, as Ansible has it. */
export const checksumSchema: JsonSchema = str(
  'What the file must have: `sha256:` and the digest, or and the address of a file of digests.',
  {
    pattern: `^(|${hexForms.join('|')}|(${Object.keys(digitsOf).join('|')}):\\s*\\w+://.*?)\\s*$`,
    title:
      'checksum (`sha256:` and 64 digits, or an address; 32 digits for md5, 40 for sha1, 56 for sha224, 96 for sha384, 128 for sha512)',
    examples: ['sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  },
)

export const parseChecksum = (
  checksum: string | undefined,
): { readonly algorithm: string; readonly digest?: Digest; readonly address?: string } => {
  const [, algorithm = 'sha256', rest] = /^(\w+):\s*(.*?)\s*$/s.exec(checksum ?? '') ?? []
  if (rest === undefined) return { algorithm }
  return /^\w+:\/\//.test(rest)
    ? { algorithm, address: rest }
    : { algorithm, digest: { algorithm, hex: rest.toLowerCase() } }
}
