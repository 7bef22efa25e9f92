import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { project } from '../support/tkplay.js'

/** The rows of SECURITY.md: a promise, and the tests that show it. */
const rows = readFileSync(join(project, 'SECURITY.md'), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('| ') && !line.startsWith('| promise'))
  .map(line => line.split('|').map(cell => cell.trim()))

t.test('every promise of SECURITY.md names tests that are there', async t => {
  t.ok(rows.length > 15, 'the page has its promises in tables')
  for (const [, promise = '', shown = ''] of rows) {
    const tests = [...shown.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
    t.ok(tests.length > 0, promise)
    for (const path of tests) {
      t.match(path, /^test\/.*\.test\.ts$/)
      t.ok(existsSync(join(project, path)), path)
    }
  }
})
