import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Descriptor, ImageIndex } from './images/image.js'

const DAY = 24 * 60 * 60 * 1000

/** Marks entries of the cache as used now. */
export async function touch(...paths: readonly string[]): Promise<void> {
  const now = new Date()
  for (const path of paths) await utimes(path, now, now)
}

/**
 * Removes what has not been used for some days: entries of a folder of the cache whose names match, and then blobs that no
 * index names any more. Callers hold the cache's lock.
 */
export async function pruneMirror(folder: string, days = 30): Promise<void> {
  await pruneUnused(folder, /^(files|images)-/, days)
  const kept = new Set<string>()
  for (const name of await readdir(folder)) {
    if (!/^images-.*\.json$/.test(name)) continue
    const index = JSON.parse(await readFile(join(folder, name), 'utf8')) as ImageIndex
    for (const manifest of index.manifests) for (const digest of await referenced(folder, manifest)) kept.add(digest)
  }
  const blobs = join(folder, 'blobs', 'sha256')
  for (const hex of await readdir(blobs).catch(() => []))
    if (!kept.has(hex)) await rm(join(blobs, hex), { force: true })
}

export async function pruneUnused(folder: string, names: RegExp, days: number): Promise<void> {
  for (const name of (await readdir(folder).catch(() => [])).filter(name => names.test(name))) {
    const path = join(folder, name)
    if (Date.now() - (await stat(path)).mtimeMs > days * DAY) await rm(path, { recursive: true, force: true })
  }
}

async function referenced(folder: string, manifest: Descriptor): Promise<readonly string[]> {
  const hex = (digest: string) => digest.replace('sha256:', '')
  const text = await readFile(join(folder, 'blobs', manifest.digest.replace(':', '/')), 'utf8')
  const { config, layers } = JSON.parse(text) as { config: Descriptor; layers: readonly Descriptor[] }
  return [manifest, config, ...layers].map(part => hex(part.digest))
}
