import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Blobs } from './blobs.js'
import type { DebianBase } from './debian.js'
import type { Built } from './go-build.js'
import { type Descriptor, type ImageIndex, imageConfig, imageIndex, imageManifest, MEDIA_TYPE } from './image.js'
import { type ImageRecipe, type Ingredients, imageRecipes } from './images.js'
import type { GoModuleName } from './programs.js'
import type { TarEntry } from './tar.js'

/** Makes every image into the store of blobs, and returns the index that names them. */
export async function makeImages(
  blobs: Blobs,
  built: ReadonlyMap<GoModuleName, Built>,
  base: DebianBase,
): Promise<ImageIndex> {
  const debian = await blobs.layerFile(base.archive)
  const images: Record<string, Descriptor> = {}
  for (const recipe of imageRecipes(await ingredients(built, base))) {
    images[recipe.reference] = await makeImage(blobs, recipe, recipe.base === 'debian' ? [debian] : [])
  }
  return imageIndex(images)
}

async function makeImage(blobs: Blobs, recipe: ImageRecipe, base: readonly Descriptor[]): Promise<Descriptor> {
  const layers = [...base, await blobs.layer(recipe.entries)]
  const config = await blobs.document(MEDIA_TYPE.config, imageConfig(recipe.config, layers))
  return blobs.document(MEDIA_TYPE.manifest, imageManifest(config, layers))
}

async function ingredients(built: ReadonlyMap<GoModuleName, Built>, base: DebianBase): Promise<Ingredients> {
  const of = (module: GoModuleName): Built => {
    const found = built.get(module)
    if (found === undefined) throw new RangeError(`not built: ${module}`)
    return found
  }
  const nodeFiles = 'node/filesystem'
  const trees = new Map([[nodeFiles, await filesBelow(join(of('calico').folder, 'src', nodeFiles))]])
  return {
    program: (module, name) => of(module).program(name),
    tree: folder => trees.get(folder) ?? [],
    busybox: base.busybox,
  }
}

/** Module archives keep no modes: scripts among these files have to be executable, and it does no harm to the others. */
async function filesBelow(root: string): Promise<readonly TarEntry[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true })
  return found
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => ({ kind: 'file', path: relative(root, path), mode: 0o755, body: path }))
}
