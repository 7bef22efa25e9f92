import { readdir, readlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Built } from '../go/go-build.js'
import type { GoModuleName } from '../go/programs.js'
import type { Blobs } from './blobs.js'
import type { DebianBase } from './debian-base.js'
import { type Descriptor, type ImageIndex, imageConfig, imageIndex, imageManifest, MEDIA_TYPE } from './image.js'
import type { ImageRecipe, Ingredients } from './images.js'
import type { TarEntry } from './tar.js'

/** Makes images into the store of blobs, and returns the index that names them. */
export async function makeImages(
  blobs: Blobs,
  built: ReadonlyMap<GoModuleName, Built>,
  base: DebianBase,
  recipes: (from: Ingredients) => readonly ImageRecipe[],
): Promise<ImageIndex> {
  const wanted = recipes(ingredients(built, base))
  const debian = wanted.some(recipe => recipe.base === 'debian') ? [await blobs.layerFile(base.archive)] : []
  const images: Record<string, Descriptor> = {}
  for (const recipe of wanted) {
    images[recipe.reference] = await makeImage(blobs, recipe, recipe.base === 'debian' ? debian : [])
  }
  return imageIndex(images)
}

async function makeImage(blobs: Blobs, recipe: ImageRecipe, base: readonly Descriptor[]): Promise<Descriptor> {
  const trees = await Promise.all((recipe.trees ?? []).map(filesBelow))
  const layers = [...base, await blobs.layer([...trees.flat(), ...recipe.entries])]
  const config = await blobs.document(MEDIA_TYPE.config, imageConfig(recipe.config, layers))
  return blobs.document(MEDIA_TYPE.manifest, imageManifest(config, layers))
}

function ingredients(built: ReadonlyMap<GoModuleName, Built>, { busybox }: DebianBase): Ingredients {
  const of = (module: GoModuleName): Built => {
    const found = built.get(module)
    if (found === undefined) throw new RangeError(`not built: ${module}`)
    return found
  }
  return {
    program: (module, name) => of(module).program(name),
    sources: (module, folder) => join(of(module).folder, 'src', folder),
    busybox,
  }
}

/** Module archives keep no modes: scripts among these files have to be executable, and it does no harm to the others. */
async function filesBelow(root: string): Promise<readonly TarEntry[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  return Promise.all(
    found
      .filter(entry => entry.isFile() || entry.isSymbolicLink())
      .map(async (entry): Promise<TarEntry> => {
        const body = join(entry.parentPath, entry.name)
        const path = relative(root, body)
        return entry.isFile()
          ? { kind: 'file', path, mode: 0o755, body }
          : { kind: 'symlink', path, target: await readlink(body) }
      }),
  )
}
