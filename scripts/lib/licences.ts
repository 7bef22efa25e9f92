import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The licences of bundled packages, as their terms require.
 * @param inputs files of the bundle, as paths from the project's folder
 * @throws Error for a package without a licence file, which may not be bundled
 */
export const licences = (inputs: readonly string[], root: string): string => {
  const folders = inputs.flatMap(file => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? [])
  return [...new Set(folders)]
    .sort()
    .map(folder => `${titleOf(join(root, folder))}\n\n${licenceOf(join(root, folder))}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

const titleOf = (folder: string): string => {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { [key: string]: string }
  return `${name} ${version}`
}

const licenceOf = (folder: string): string => {
  const file = readdirSync(folder).find(name => /^licen[cs]e/i.test(name))
  if (file === undefined) throw new Error(`${folder}: no licence file, so it cannot be bundled`)
  return readFileSync(join(folder, file), 'utf8').trim()
}
