import { createPrivateKey, sign } from 'node:crypto'
import ssh2, { type ParsedKey } from 'ssh2'
import { readLocal, whyUnread } from '../../config/files/local-file.js'
import type { Secret } from '../../core/value.js'

const { utils } = ssh2

/** `why`: the reason why the key cannot be used, as a phrase. */
export type LoadedKey =
  | { readonly key: ParsedKey }
  /** `public`: the public key, where only that could be read; an agent may hold the private one. */
  | { readonly why: string; readonly public?: ParsedKey; readonly missing?: true }

/** Key files. Each is read and decrypted once for a run. */
export class KeyFiles {
  readonly #loaded = new Map<string, Promise<LoadedKey>>()

  load(file: string, passphrase: Secret<string> | undefined): Promise<LoadedKey> {
    const key = JSON.stringify([file, passphrase?.reveal()])
    const known = this.#loaded.get(key) ?? load(file, passphrase)
    this.#loaded.set(key, known)
    return known
  }
}

const load = async (file: string, passphrase: Secret<string> | undefined): Promise<LoadedKey> => {
  let text: Buffer
  try {
    text = readLocal(file)
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return unusable(file, missing ? 'no such file' : (whyUnread(error) ?? String(error)), missing)
  }
  const parsed = utils.parseKey(text, passphrase?.reveal())
  const one = Array.isArray(parsed) ? (parsed[0] as ParsedKey) : parsed
  if (!(one instanceof Error)) return one.isPrivateKey() ? { key: readOnce(one) } : { why: 'a public key', public: one }
  if (/no passphrase given/i.test(one.message)) return unusable(file, 'needs a passphrase')
  return unusable(file, passphrase === undefined ? one.message : 'wrong passphrase')
}

/** The same key, parsed once and not for each signature: OpenSSL needs ten times longer to parse it than to sign. */
const readOnce = (key: ParsedKey): ParsedKey => {
  const again = key.sign.bind(key)
  try {
    const inner = createPrivateKey(key.getPrivatePEM())
    const ownHash = key.type === 'ssh-ed25519'
    key.sign = (data, hash) => {
      if (!ownHash && typeof hash !== 'string') return again(data, hash)
      try {
        return sign(ownHash ? null : hash, Buffer.from(data), inner)
      } catch {
        return again(data, hash)
      }
    }
  } catch {
    // ssh2 can read some keys that Node cannot.
  }
  return key
}

const unusable = (file: string, why: string, missing = false): LoadedKey => {
  const text = publicKey(file)
  const parsed = text === undefined ? undefined : utils.parseKey(text)
  const known = parsed === undefined || parsed instanceof Error ? {} : { public: parsed }
  return { why, ...known, ...(missing ? { missing } : {}) }
}

const publicKey = (file: string): Buffer | undefined => {
  try {
    return readLocal(`${file}.pub`)
  } catch {
    return undefined
  }
}
