import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Blobs } from '../../../lab/mirror/images/blobs.js'
import { imageConfig, imageIndex, imageManifest, MEDIA_TYPE } from '../../../lab/mirror/images/image.js'
import { pruneMirror, touch } from '../../../lab/mirror/prune.js'

t.test('what was not used for days goes, with the blobs that only it named', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'mirror-prune-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const blobs = new Blobs(join(folder, 'blobs'))
  const digests = async (content: string) => {
    const layer = await blobs.document(MEDIA_TYPE.layer, content)
    const config = await blobs.document(MEDIA_TYPE.config, imageConfig({}, [layer]))
    const manifest = await blobs.document(MEDIA_TYPE.manifest, imageManifest(config, [layer]))
    await writeFile(
      join(folder, `images-${content}.json`),
      JSON.stringify(imageIndex({ 'docker.io/library/a:1': manifest })),
    )
    await mkdir(join(folder, `files-${content}`))
    return [layer, config, manifest].map(part => part.digest.replace('sha256:', ''))
  }
  await digests('old')
  const kept = await digests('new')
  const long = new Date(Date.now() - 40 * 24 * 60 * 60 * 1000)
  for (const name of ['images-old.json', 'files-old', 'images-new.json', 'files-new'])
    await utimes(join(folder, name), long, long)
  await touch(join(folder, 'images-new.json'), join(folder, 'files-new'))
  await pruneMirror(folder)
  t.strictSame((await readdir(folder)).sort(), ['blobs', 'files-new', 'images-new.json'])
  t.strictSame((await readdir(join(folder, 'blobs', 'sha256'))).sort(), kept.sort())
})
