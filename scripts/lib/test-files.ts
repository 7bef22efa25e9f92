import { cached, reachedFrom } from './imports.js'
import { filesUnder, root } from './project.js'

export interface TestFile {
  /** `test/engine/shell/quote.test.ts` */
  readonly source: string
  /** `engine/shell/quote` */
  readonly name: string
  /**
   * The test boots hosts, or builds the mirror: it needs root, the machine for itself, and many minutes with an empty
   * cache.
   */
  readonly lab: boolean
  /** The test fills the mirror. It runs first, so that the others, which have no time for that, find it filled. */
  readonly first: boolean
}

/** A test that imports one of these files is a lab test. */
const fillsMirror = 'lab/mirror/build.ts'
const ofLab = ['lab/lab.ts', 'lab/up.ts', fillsMirror]

/** All tests, or those whose path contains one of the filters. */
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
