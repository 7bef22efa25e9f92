import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../lock.js'
import type { Log } from '../log.js'
import { ensurePackages } from '../packages.js'
import { cacheDir } from '../paths.js'
import { makeRepository } from './apt.js'
import { Blobs } from './blobs.js'
import { cached, contentKey, exists, fileSha256, makersKey } from './cache.js'
import { debianBase } from './debian.js'
import { type Built, buildGo, findGo } from './go-build.js'
import { withSigner } from './gpg.js'
import { makeImages } from './image-set.js'
import { type GoModuleName, goModules } from './programs.js'
import { timed } from './progress.js'
import { pruneMirror, pruneUnused, touch } from './prune.js'
import { CALICO_MANIFEST, type Checksums, MANIFESTS_PATH, OPERATOR_MANIFEST, REPOSITORY_PATH } from './variables.js'

/** Everything that a mirror serves, complete on disk. */
export interface MirrorContent {
  /** folder of files served as they are: the apt repository and Calico's manifests */
  readonly files: string
  readonly blobs: string
  /** the index of images */
  readonly index: string
  readonly checksums: Checksums
}

/** On this machine beside Go: dpkg-deb and gpgconf come with Debian and gnupg. */
const NEEDED = ['debian-archive-keyring', 'gnupg', 'mmdebstrap'] as const

/**
 * Builds what the cache does not have yet: minutes when it is empty, nothing when it is there. Can be interrupted and started
 * again; two at once wait for each other.
 * @throws LabProblem when Go, Debian's archive or a module proxy is missing
 */
export async function buildMirror({
  log,
  cache = cacheDir(),
}: {
  readonly log: Log
  readonly cache?: string
}): Promise<MirrorContent> {
  const go = await findGo()
  const key = contentKey(goModules, go.version, await makersKey())
  const content = {
    files: join(cache, 'mirror', `files-${key}`),
    blobs: join(cache, 'mirror', 'blobs'),
    index: join(cache, 'mirror', `images-${key}.json`),
  }
  const complete = async () => (await exists(content.files)) && (await exists(content.index))
  if (!(await complete())) {
    await withLock('mirror', log, async () => {
      if (await complete()) return
      await mkdir(join(cache, 'mirror'), { recursive: true })
      await ensurePackages(NEEDED, log)
      const built = new Map<GoModuleName, Built>()
      for (const [name, module] of Object.entries(goModules)) {
        built.set(name as GoModuleName, await buildGo(module, go, cache, log))
      }
      await cached(content.files, partial => makeFiles(partial, built, cache, log))
      await cached(content.index, async partial => {
        const base = await debianBase(cache, log)
        const index = await timed(log, 'images', () => makeImages(new Blobs(content.blobs), built, base))
        await writeFile(partial, JSON.stringify(index))
      })
      await pruneMirror(join(cache, 'mirror'))
      await pruneUnused(join(cache, 'go'), /./, 60)
    })
  }
  await touch(content.files, content.index)
  const checksum = (manifest: string) => fileSha256(join(content.files, MANIFESTS_PATH, manifest))
  const checksums = { calico: await checksum(CALICO_MANIFEST), operator: await checksum(OPERATOR_MANIFEST) }
  return { ...content, checksums }
}

async function makeFiles(
  folder: string,
  built: ReadonlyMap<GoModuleName, Built>,
  cache: string,
  log: Log,
): Promise<void> {
  const program = (module: GoModuleName, name: string) => built.get(module)?.program(name) ?? ''
  await timed(log, 'packages', () =>
    withSigner(cache, signer => makeRepository(join(folder, REPOSITORY_PATH), program, signer)),
  )
  const manifests = join(built.get('calico')?.folder ?? '', 'src/manifests')
  await mkdir(join(folder, MANIFESTS_PATH), { recursive: true })
  for (const name of await readdir(manifests)) {
    if (/^(calico.*|tigera-operator|operator-crds)\.yaml$/.test(name))
      await cp(join(manifests, name), join(folder, MANIFESTS_PATH, name))
  }
}
