import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt, sh } from '../../support/shell.js'
import { exists } from '../cache.js'

/** Signs the lab's repositories with a key that was made for this cache and is used for nothing else. */
export interface Signer {
  /** clear-signed and detached, as InRelease and Release.gpg */
  sign(file: string, clear: string, detached: string): Promise<void>
  /** ASCII-armoured */
  publicKey(): Promise<string>
}

const NAME = 'tkplay lab <lab@tkplay.invalid>'

/** Runs `work` with the cache's signer. gpg starts an agent that would stay: it is ended, by its folder, and no other is. */
export async function withSigner<T>(cache: string, work: (signer: Signer) => Promise<T>): Promise<T> {
  const home = join(cache, 'gnupg')
  const gpg = (...args: readonly string[]) => sh`gpg --homedir ${home} --batch --yes --quiet ${args}`
  try {
    if (!(await exists(join(home, 'complete.key')))) {
      await rm(home, { recursive: true, force: true })
      await mkdir(home, { recursive: true, mode: 0o700 })
      await gpg('--passphrase', '', '--quick-generate-key', NAME, 'rsa3072', 'sign', 'never')
      await gpg('--armor', '--output', join(home, 'complete.key'), '--export')
    }
    return await work({
      sign: async (file, clear, detached) => {
        await gpg('--output', clear, '--clearsign', file)
        await gpg('--armor', '--output', detached, '--detach-sign', file)
      },
      publicKey: async () => (await gpg('--armor', '--export')).stdout,
    })
  } finally {
    await attempt`gpgconf --homedir ${home} --kill all`
  }
}
