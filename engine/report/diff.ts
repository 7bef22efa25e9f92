import { createRequire } from 'node:module'
import type { createTwoFilesPatch } from 'diff'
import type { Diff } from '../core/module.js'

/** A unified diff of one file, as lines; no lines where both sides are equal. */
export const unified = ({ path, before, after }: Diff): readonly string[] => {
  if (before === after) return []
  const patch = library().createTwoFilesPatch(
    before === undefined ? '/dev/null' : path,
    after === undefined ? '/dev/null' : path,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: 3 },
  )
  return patch.split('\n').filter(line => line !== '' && !/^(?:=+$|Index: )/.test(line))
}

/** Loaded with the first diff, since loading takes long and most runs show none. */
const library = (): { readonly createTwoFilesPatch: typeof createTwoFilesPatch } =>
  createRequire(import.meta.url)('diff')
