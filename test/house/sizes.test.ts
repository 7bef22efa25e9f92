import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { filesUnder, root, sourceFolders, sources } from '../../scripts/lib/project.js'

/** A file has one job, and a folder is looked over at once. */
const LINES = 300
const FILES = 25

/** Larger ones, each with its reason. */
const longFiles: { readonly [file: string]: string } = {}
const fullFolders: { readonly [folder: string]: string } = {
  'docs/modules': 'generated: a page for each module',
}

/** Data of tests is as long as it is. */
const isData = (file: string): boolean => file.startsWith('test/cases/')

t.test(`no source file has more than ${LINES} lines`, async t => {
  const lines = (file: string): number => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length
  t.strictSame(
    sources()
      .filter(file => !isData(file) && lines(file) > LINES)
      .filter(file => !(file in longFiles)),
    [],
    'part it by what it does',
  )
  t.strictSame(
    Object.keys(longFiles).filter(file => !sources().includes(file) || lines(file) <= LINES),
    [],
    'these are short now',
  )
})

t.test(`no folder has more than ${FILES} files`, async t => {
  const counts = new Map<string, number>()
  for (const file of [...sourceFolders, 'docs', 'playbooks', 'inventory', 'schemas'].flatMap(one => filesUnder(one))) {
    if (!isData(file)) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  }
  const full = [...counts].filter(([, count]) => count > FILES).map(([folder]) => folder)
  t.ok(counts.size > 100, 'folders were looked at')
  t.strictSame(
    full.filter(folder => !(folder in fullFolders)),
    [],
    'give its files rooms by subject',
  )
  t.strictSame(
    Object.keys(fullFolders).filter(folder => !full.includes(folder)),
    [],
    'these are small now',
  )
})
