import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from 'yaml'
import type { Look } from '../../../../engine/core/module.js'
import { mayDiffer } from '../../../../engine/run/dry-run/path-overlap.js'

interface Row extends Partial<Look> {
  readonly name: string
  readonly at: Look['at']
  readonly writes?: readonly string[]
  readonly differs: boolean
}

const file = fileURLToPath(new URL('../../../../../test/cases/looks/differs.yml', import.meta.url))

for (const { name, at, absent = false, writes, differs } of parse(readFileSync(file, 'utf8')) as readonly Row[]) {
  t.test(name, async t => {
    t.equal(mayDiffer({ at, absent }, writes), differs)
    // Who asks and who writes have the same way of meaning a place.
    const turned = at !== 'anything' && writes !== undefined && [...at, ...writes].every(path => path.startsWith('/'))
    if (turned) t.equal(mayDiffer({ at: writes, absent }, at), differs, 'the other way round')
  })
}
