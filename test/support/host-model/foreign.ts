import { existsSync, readFileSync, statSync } from 'node:fs'
import fc from 'fast-check'
import type { Model } from './model.js'
import { type Entry, file } from './world.js'

/** What other people's lines say, by which they are known again in a file. */
const mark = 'foreign line'

/** What those trip over who take lines apart, or put a text together: other ends of lines, blanks, patterns, and bytes that are no text. */
const tails = (own: string): readonly string[] => [
  '',
  ' ',
  '\t\v\f',
  '\r',
  ` ; \\1 $& $1 %s '"`,
  '\u00a0\u0085é日',
  '\ufeff',
  `\r${own}`,
  `\u2028${own}`,
  '\\n',
]

export interface Edited {
  /** Lines of which the module may change some. */
  readonly own: readonly string[]
  /** Other people's, besides comments. */
  readonly others?: readonly string[]
}

/** A file that a module edits: perhaps nothing, otherwise its own lines and other people's among one another. */
export const edited = (path: string, { own, others = [] }: Edited): fc.Arbitrary<readonly Entry[]> => {
  const comment = fc.constantFrom(...own).chain(one => fc.constantFrom(...tails(one.split('\n')[0] ?? '')))
  const foreign = fc.oneof(
    comment.map(tail => utf8(`# ${mark}${tail}`)),
    fc.constantFrom(...others, '#').map(line => utf8(`${line} # ${mark}`)),
    fc.constantFrom(`# ${mark} \xff\xfe`, `# ${mark} \0`),
  )
  const line = fc.oneof(fc.constantFrom('', ...own).map(utf8), foreign)
  const lines = fc.tuple(fc.array(line, { maxLength: 6 }), fc.boolean())
  const attributes = fc.record({ mode: fc.constantFrom(0o644, 0o640, 0o600), uid: fc.constantFrom(0, 1000) })
  return fc.option(fc.tuple(lines, attributes), { nil: undefined, freq: 5 }).map(one => {
    if (one === undefined) return []
    const [[all, ends], more] = one
    const text = all.join('\n') + (ends && all.length > 0 ? '\n' : '')
    return [file(path, text, { ...more, raw: true })]
  })
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

/** Other people's lines in the files of a world as they are now, with whose the file is. */
export const foreignIn = (model: Model, world: readonly Entry[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    world.flatMap(entry => {
      if (entry.kind !== 'file' || !entry.text.includes(mark)) return []
      const at = model.at(entry.path)
      if (!existsSync(at)) return [[entry.path, ['the file is gone']]]
      const { mode, uid, gid } = statSync(at)
      const lines = readFileSync(at, 'latin1').split('\n')
      return [[entry.path, [`${mode.toString(8)} ${uid}:${gid}`, ...lines.filter(line => line.includes(mark))]]]
    }),
  )
