import { createTwoFilesPatch } from 'diff'
import type { Diff } from '../core/module.js'

/** A unified diff of one file, as lines; empty where both sides are the same. */
export const unified = ({ path, before, after }: Diff): readonly string[] => {
  if (before === after) return []
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : path,
    after === undefined ? '/dev/null' : path,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: 3 },
  )
  return patch.split('\n').filter(line => line !== '' && !/^=+$/.test(line))
}
