import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sh } from '../../support/shell.js'
import { fileSha256, sha256 } from '../cache.js'
import type { GoModuleName } from '../go/programs.js'
import { makeDeb } from './deb.js'
import type { Signer } from './gpg.js'
import { debFile, packages } from './packages.js'
import { type PackageFile, packagesIndex, releaseFile } from './repository.js'

/** Makes the apt repository in a folder: packages, indexes, signatures and the key, under the names that pkgs.k8s.io uses. */
export async function makeRepository(
  folder: string,
  program: (module: GoModuleName, name: string) => string,
  signer: Signer,
): Promise<void> {
  const pool = join(folder, 'amd64')
  await mkdir(pool, { recursive: true })
  const files: PackageFile[] = []
  for (const of of packages) {
    await makeDeb(of, program, pool)
    const path = join(pool, debFile(of))
    const { stdout: control } = await sh`dpkg-deb --field ${path}`
    files.push({
      control,
      filename: `amd64/${debFile(of)}`,
      size: (await stat(path)).size,
      sha256: await fileSha256(path),
    })
  }
  const index = Buffer.from(packagesIndex(files))
  const indexes = [
    { name: 'Packages', body: index },
    { name: 'Packages.gz', body: gzipSync(index) },
  ]
  for (const { name, body } of indexes) await writeFile(join(folder, name), body)
  const listed = indexes.map(({ name, body }) => ({ name, size: body.length, sha256: sha256(body) }))
  await writeFile(join(folder, 'Release'), releaseFile(new Date(), listed))
  await signer.sign(join(folder, 'Release'), join(folder, 'InRelease'), join(folder, 'Release.gpg'))
  await writeFile(join(folder, 'Release.key'), await signer.publicKey())
}
