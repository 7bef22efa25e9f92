import { link, mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exists, fileSha256, sha256 } from '../cache.js'
import { type Descriptor, MEDIA_TYPE } from './image.js'
import { type TarEntry, writeTar } from './tar.js'

/** A store of content by digest. Sets of images of different age share it, so that only what changed takes new space. */
export class Blobs {
  constructor(readonly root: string) {}

  path(digest: string): string {
    return join(this.root, digest.replace(':', '/'))
  }

  async document(mediaType: string, text: string): Promise<Descriptor> {
    const digest = `sha256:${sha256(text)}`
    const path = this.path(digest)
    if (!(await exists(path))) {
      await mkdir(join(this.root, 'sha256'), { recursive: true })
      await writeFile(`${path}.partial`, text)
      await rename(`${path}.partial`, path)
    }
    return { mediaType, digest, size: Buffer.byteLength(text) }
  }

  async layer(entries: readonly TarEntry[]): Promise<Descriptor> {
    await mkdir(join(this.root, 'sha256'), { recursive: true })
    const partial = join(this.root, 'layer.partial')
    const { sha256: hex, size } = await writeTar(partial, entries)
    const digest = `sha256:${hex}`
    await rename(partial, this.path(digest))
    return { mediaType: MEDIA_TYPE.layer, digest, size }
  }

  /** Takes an archive file in, without a second copy: store and archive lie on the same file system. */
  async layerFile(archive: string): Promise<Descriptor> {
    await mkdir(join(this.root, 'sha256'), { recursive: true })
    const digest = `sha256:${await fileSha256(archive)}`
    // What is there is the same, and may be on its way to a host.
    if (!(await exists(this.path(digest)))) await link(archive, this.path(digest))
    return { mediaType: MEDIA_TYPE.layer, digest, size: (await stat(archive)).size }
  }
}
