import { chmod, copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sh } from '../../support/shell.js'
import type { GoModuleName } from '../go/programs.js'
import { controlFile, type DebPackage, debFile } from './packages.js'

/** Makes a .deb file in a folder, out of programs that are already built. */
export async function makeDeb(
  of: DebPackage,
  program: (module: GoModuleName, name: string) => string,
  folder: string,
): Promise<void> {
  const tree = join(folder, `${of.name}.tree`)
  await rm(tree, { recursive: true, force: true })
  let size = 0
  for (const { module, name, path } of of.programs) {
    const target = await parent(tree, path)
    await copyFile(program(module, name), target)
    await chmod(target, 0o755)
    size += (await stat(target)).size
  }
  for (const [path, { text, mode }] of Object.entries(of.files ?? {})) {
    await writeFile(await parent(tree, path), text, { mode: mode ?? 0o644 })
  }
  await writeFile(await parent(tree, 'DEBIAN/control'), controlFile(of, Math.ceil(size / 1024)))
  if (of.conffiles) await writeFile(join(tree, 'DEBIAN/conffiles'), of.conffiles.map(path => `${path}\n`).join(''))
  for (const [name, text] of Object.entries(of.scripts ?? {})) {
    await writeFile(join(tree, 'DEBIAN', name), text, { mode: 0o755 })
  }
  // Little compression: the file crosses one bridge, and a host unpacks it faster.
  await sh`dpkg-deb --root-owner-group -Zgzip -z1 --build ${tree} ${join(folder, debFile(of))}`
  await rm(tree, { recursive: true })
}

async function parent(tree: string, path: string): Promise<string> {
  const target = join(tree, path)
  await mkdir(dirname(target), { recursive: true, mode: 0o755 })
  return target
}
