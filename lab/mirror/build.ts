import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensurePackages } from '../machine/packages.js'
import { cacheDir } from '../state/paths.js'
import { withLock } from '../support/lock.js'
import type { Log } from '../support/log.js'
import { sh } from '../support/shell.js'
import { cached, contentKey, exists, fileSha256, makersKey } from './cache.js'
import { makeRepository } from './debian/apt.js'
import { withSigner } from './debian/gpg.js'
import { type Built, buildGo, findGo, type Go } from './go/go-build.js'
import type { GoModule } from './go/go-module.js'
import { extraModules, type GoModuleName, goModules } from './go/programs.js'
import { Blobs } from './images/blobs.js'
import { debianBase } from './images/debian-base.js'
import { makeImages } from './images/image-set.js'
import { agnhostRecipe, type ImageRecipe, type Ingredients, imageRecipes } from './images/images.js'
import { requireVersion } from './images/require-version.js'
import { timed } from './progress.js'
import { pruneMirror, pruneUnused, touch } from './prune.js'
import { CALICO_MANIFEST, type Checksums, MANIFESTS_PATH, OPERATOR_MANIFEST, REPOSITORY_PATH } from './variables.js'
import { AGNHOST_TAG } from './versions.js'

/** Everything that a mirror serves, complete on disk. */
export interface MirrorContent {
  /** folder of files served as they are: the apt repository and Calico's manifests */
  readonly files: string
  readonly blobs: string
  /** the index of images, and that of images which are made when they are asked for */
  readonly index: string
  readonly laterIndex: string
  readonly checksums: Checksums
}

interface BuildOptions {
  readonly log: Log
  readonly cache?: string
}

/** On this machine beside Go: dpkg-deb and gpgconf come with Debian and gnupg. */
const NEEDED = ['debian-archive-keyring', 'gnupg', 'mmdebstrap'] as const

/**
 * Builds what the cache does not have yet: minutes when it is empty, nothing when it is there. Can be interrupted and started
 * again; two at once wait for each other.
 * @throws LabProblem when Go, Debian's archive or a module proxy is missing
 */
export async function buildMirror({ log, cache = cacheDir() }: BuildOptions): Promise<MirrorContent> {
  const go = await findGo()
  const content = await places(cache, go)
  const complete = async () => (await exists(content.files)) && (await exists(content.index))
  if (!(await complete())) {
    await withLock('mirror', log, async () => {
      if (await complete()) return
      await ensurePackages(NEEDED, log)
      const built = await buildAll(goModules, go, cache, log)
      await cached(content.files, partial => makeFiles(partial, built, cache, log))
      await makeIndex(content.index, built, imageRecipes, cache, log)
      await pruneMirror(join(cache, 'mirror'))
      await pruneUnused(join(cache, 'go'), /./, 60)
    })
  }
  await touch(content.files, content.index)
  const checksum = (manifest: string) => fileSha256(join(content.files, MANIFESTS_PATH, manifest))
  const checksums = { calico: await checksum(CALICO_MANIFEST), operator: await checksum(OPERATOR_MANIFEST) }
  return { ...content, checksums }
}

/**
 * Builds the image of Kubernetes' own tests, which no cluster needs. A mirror that is being served has it from
 * then on.
 */
export async function buildAgnhost({ log, cache = cacheDir() }: BuildOptions): Promise<void> {
  const go = await findGo()
  const { laterIndex } = await places(cache, go)
  await withLock('mirror', log, async () => {
    await ensurePackages(NEEDED, log)
    const built = await buildAll(extraModules, go, cache, log)
    const { stdout } = await sh`${built.get('agnhost')?.program('asked-image')}`
    requireVersion('agnhost', stdout, AGNHOST_TAG)
    await makeIndex(laterIndex, built, from => [agnhostRecipe(from)], cache, log)
  })
  await touch(laterIndex)
}

/** Where the content lies that the code of now makes. */
async function places(cache: string, go: Go): Promise<Omit<MirrorContent, 'checksums'>> {
  const key = contentKey(goModules, go.version, await makersKey())
  const laterKey = contentKey(extraModules, go.version, await makersKey())
  const mirror = join(cache, 'mirror')
  return {
    files: join(mirror, `files-${key}`),
    blobs: join(mirror, 'blobs'),
    index: join(mirror, `images-${key}.json`),
    laterIndex: join(mirror, `images-later-${laterKey}.json`),
  }
}

async function buildAll(
  modules: { readonly [name: string]: GoModule },
  go: Go,
  cache: string,
  log: Log,
): Promise<ReadonlyMap<GoModuleName, Built>> {
  const built = new Map<GoModuleName, Built>()
  for (const [name, module] of Object.entries(modules)) {
    built.set(name as GoModuleName, await buildGo(module, go, cache, log))
  }
  return built
}

async function makeIndex(
  path: string,
  built: ReadonlyMap<GoModuleName, Built>,
  recipes: (from: Ingredients) => readonly ImageRecipe[],
  cache: string,
  log: Log,
): Promise<void> {
  await cached(path, async partial => {
    const base = await debianBase(cache, log)
    const blobs = new Blobs(join(cache, 'mirror', 'blobs'))
    const index = await timed(log, 'images', () => makeImages(blobs, built, base, recipes))
    await writeFile(partial, JSON.stringify(index))
  })
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
