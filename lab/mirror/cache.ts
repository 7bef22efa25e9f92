import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

/** A short name for content: equal content, equal name. */
export const contentKey = (...content: readonly unknown[]): string => sha256(JSON.stringify(content)).slice(0, 12)

/** The code that packages and images are made by: a change of the maker changes the key of what it makes. */
export const makersKey = async (): Promise<string> => {
  const folders = ['debian', 'images'].map(name => join(import.meta.dirname, name))
  const names = await Promise.all(folders.map(folder => readdir(folder)))
  const files = folders.flatMap((folder, i) => (names[i] ?? []).map(name => join(folder, name)))
  const code = files.filter(file => file.endsWith('.js')).sort()
  return contentKey(await Promise.all(code.map(file => readFile(file, 'utf8'))))
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/**
 * The path, made by `make` if it is not there yet. `make` writes to a temporary name beside it, which is renamed when it is
 * complete: an interrupted build leaves nothing that looks finished. Callers hold the cache's lock.
 */
export async function cached(path: string, make: (partial: string) => Promise<void>): Promise<string> {
  if (await exists(path)) return path
  const partial = `${path}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(dirname(path), { recursive: true })
  await make(partial)
  await rename(partial, path)
  return path
}
