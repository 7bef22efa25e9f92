import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TAR_END, type TarEntry, tarHeader, tarPadding, withFolders } from './tar.js'

export interface Written {
  /** hex SHA-256 of the file */
  readonly sha256: string
  readonly size: number
}

/** Writes an archive file; bodies are streamed, since some are 100 MB. */
export async function writeTar(path: string, entries: readonly TarEntry[]): Promise<Written> {
  const hash = createHash('sha256')
  let size = 0
  async function* counted() {
    for await (const chunk of chunks(withFolders(entries))) {
      hash.update(chunk)
      size += chunk.length
      yield chunk
    }
  }
  await pipeline(Readable.from(counted()), createWriteStream(path))
  return { sha256: hash.digest('hex'), size }
}

async function* chunks(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    if (entry.kind !== 'file') {
      yield tarHeader(entry, 0)
      continue
    }
    const size = typeof entry.body === 'string' ? (await stat(entry.body)).size : entry.body.length
    yield tarHeader(entry, size)
    if (typeof entry.body === 'string') yield* createReadStream(entry.body, { highWaterMark: 1 << 20 })
    else yield entry.body
    yield tarPadding(size)
  }
  yield TAR_END
}
