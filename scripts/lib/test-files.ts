import { cached, reachedFrom } from './imports.js'
import { filesUnder, root } from './project.js'

export interface TestFile {
  /** `test/engine/shell/quote.test.ts` */
  readonly source: string
  /** `engine/shell/quote` */
  readonly name: string
  /** It boots hosts, or builds what they are served: takes root, the machine for itself, and from an empty cache many minutes. */
  readonly lab: boolean
  /** It fills the mirror itself, not by the way: others find it filled then, and have not the time for it. */
  readonly first: boolean
}

/** Whoever imports one of these boots hosts, or fills the mirror. */
const fillsMirror = 'lab/mirror/build.ts'
const ofLab = ['lab/lab.ts', 'lab/up.ts', fillsMirror]

/** All tests, or those whose path holds one of the filters. */
export const findTests = (filters: readonly string[] = [], base = root): readonly TestFile[] => {
  const importsFor = cached(base)
  return filesUnder('test', base)
    .filter(source => source.endsWith('.test.ts'))
    .filter(source => filters.length === 0 || filters.some(filter => source.includes(filter)))
    .map(source => {
      const reached = reachedFrom(source, importsFor)
      const name = source.replace(/^test\//, '').replace(/\.test\.ts$/, '')
      return {
        source,
        name,
        lab: ofLab.some(file => reached.has(file)),
        first: importsFor(source).includes(fillsMirror),
      }
    })
}

export const compiled = (source: string): string => `dist/${source.replace(/\.ts$/, '.js')}`
