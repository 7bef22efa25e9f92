import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Headers, type Pack, pack } from 'tar-stream'

/** One member of an archive. Paths are relative, without a leading slash; `body` is content, or the path of a file that has it. */
export type TarEntry =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly mode: number
      readonly uid?: number
      readonly body: Uint8Array | string
    }
  | { readonly kind: 'folder'; readonly path: string; readonly mode?: number; readonly uid?: number }
  | { readonly kind: 'symlink' | 'hardlink'; readonly path: string; readonly target: string }

export interface Written {
  /** hex SHA-256 of the file */
  readonly sha256: string
  readonly size: number
}

/** Writes an archive file: equal content makes an equal archive. Bodies are streamed, since some are 100 MB. */
export async function writeTar(path: string, entries: readonly TarEntry[]): Promise<Written> {
  const hash = createHash('sha256')
  let size = 0
  const archive = pack()
  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      hash.update(chunk)
      size += chunk.length
      yield chunk
    }
  }
  await Promise.all([pipeline(archive, counted, createWriteStream(path)), fill(archive, withFolders(entries))])
  return { sha256: hash.digest('hex'), size }
}

async function fill(archive: Pack, entries: readonly TarEntry[]): Promise<void> {
  try {
    for (const entry of entries) await add(archive, entry)
    archive.finalize()
  } catch (error) {
    archive.destroy(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

async function add(archive: Pack, entry: TarEntry): Promise<void> {
  const header = headerOf(entry)
  if (entry.kind !== 'file') archive.entry(header)
  else if (typeof entry.body !== 'string') archive.entry(header, Buffer.from(entry.body))
  else {
    const { size } = await stat(entry.body)
    await pipeline(createReadStream(entry.body, { highWaterMark: 1 << 20 }), archive.entry({ ...header, size }))
  }
}

const TYPE = { file: 'file', folder: 'directory', symlink: 'symlink', hardlink: 'link' } as const

/** Times are constant, and owners have no names. */
function headerOf(entry: TarEntry): Headers {
  const uid = 'uid' in entry ? (entry.uid ?? 0) : 0
  return {
    name: entry.kind === 'folder' ? `${entry.path}/` : entry.path,
    type: TYPE[entry.kind],
    mode: entry.kind === 'file' ? entry.mode : entry.kind === 'folder' ? (entry.mode ?? 0o755) : 0o777,
    uid,
    gid: uid,
    mtime: new Date(0),
    ...('target' in entry ? { linkname: entry.target } : {}),
  }
}

/** The entries in order of path, with the folders that they lie in: what unpacks them may not make folders by itself. */
export function withFolders(entries: readonly TarEntry[]): readonly TarEntry[] {
  const all = new Map<string, TarEntry>()
  for (const { path } of entries) {
    const parts = path.split('/').slice(0, -1)
    for (let i = 1; i <= parts.length; i++) {
      const folder = parts.slice(0, i).join('/')
      all.set(folder, { kind: 'folder', path: folder })
    }
  }
  for (const entry of entries) all.set(entry.path, entry)
  return [...all.values()].sort(byPath)
}

/** A hard link comes after everything else: its target has to exist. */
const byPath = (a: TarEntry, b: TarEntry): number =>
  Number(a.kind === 'hardlink') - Number(b.kind === 'hardlink') || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)
