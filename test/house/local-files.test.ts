import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { root } from '../../scripts/lib/project.js'
import { sourceFiles } from '../support/source-files.js'

/** The one reader, and a thread that can import nothing: it reads /proc. */
const readers = new Set(['engine/config/files/local-file.ts', 'engine/cli/terminal/signal-watch.ts'])

/** What reads or opens a file of this machine. */
const reads = /\b(?:readFile(?:Sync)?|createReadStream|openSync|openAsBlob)\b/

/** Imported from Node: functions of the engine's own may be called so. */
const importsReader = (text: string): readonly string[] =>
  [...text.matchAll(/^import (?:type )?\{?([^}]*?)\}? from 'node:fs(?:\/promises)?'/gms)].flatMap(
    ([whole, names = '']) =>
      reads.test(names) || /\bopen\b/.test(names) || !whole.includes('{') ? [whole.replaceAll(/\s+/g, ' ')] : [],
  )

t.test(
  'only one file of the engine reads files of this machine: another would wait for a named pipe, or read a device',
  async t => {
    const found = sourceFiles(join(root, 'engine')).flatMap(file => {
      const name = relative(root, file)
      return readers.has(name) ? [] : importsReader(readFileSync(file, 'utf8')).map(text => `${name}: ${text}`)
    })
    t.strictSame(found, [], 'use readLocal of engine/config/files/local-file.ts, or readText')
  },
)

const makesFolders = /\bmkdir(?:Sync)?\([^;]*?\brecursive\b/s

t.test("folders are made by makeFolders: Node's own never ends in /proc", async t => {
  const found = ['engine', 'bin'].flatMap(folder =>
    sourceFiles(join(root, folder))
      .filter(file => makesFolders.test(readFileSync(file, 'utf8')))
      .map(file => relative(root, file)),
  )
  t.strictSame(found, [])
  t.match('mkdirSync(folder, {\n  recursive: true })', makesFolders)
})

t.test('it would be found', async t => {
  for (const text of [
    "import { existsSync, readFileSync } from 'node:fs'",
    "import { readFile as read } from 'node:fs/promises'",
    "import { open } from 'node:fs/promises'",
    "import fs from 'node:fs'",
    "import {\n  existsSync,\n  createReadStream,\n} from 'node:fs'",
  ])
    t.not(importsReader(text).length, 0, text)
  t.strictSame(importsReader("import { existsSync } from 'node:fs'\nimport { readFile } from './own.js'"), [])
})
