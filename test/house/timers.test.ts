import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { root } from '../../scripts/lib/project.js'
import { sourceFiles } from '../support/source-files.js'

const timer = /\bsetTimeout\(|node:timers/

/** Their times are constants: nobody can write one there that Node's timers do not hold. */
const constant = [
  'engine/cli/terminal/signal-watch.ts',
  'engine/cli/terminal/signals.ts',
  'engine/core/timer.ts',
  'engine/inventory/script.ts',
  'engine/report/narrator.ts',
  'engine/report/tree.ts',
  'engine/transport/local.ts',
  'engine/transport/ssh/handshakes.ts',
  'engine/transport/ssh/proxy.ts',
  'engine/transport/ssh/transport.ts',
]

t.test(
  'whoever waits for a time that a user wrote uses Timer or sleep: Node ends a timer of 25 days at once',
  async t => {
    const found = ['bin', 'engine', 'roles'].flatMap(folder =>
      sourceFiles(join(root, folder)).filter(file => timer.test(readFileSync(file, 'utf8'))),
    )
    t.strictSame(found.map(file => relative(root, file)).sort(), constant)
  },
)
