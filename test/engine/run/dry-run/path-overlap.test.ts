import { join } from 'node:path'
import t from 'tap'
import type { Look } from '../../../../engine/core/module.js'
import { mayDiffer } from '../../../../engine/run/dry-run/path-overlap.js'
import { root } from '../../../../scripts/lib/project.js'
import { rowsOf } from '../../../support/rows.js'

interface Row extends Partial<Look> {
  readonly name: string
  readonly at: Look['at']
  readonly writes?: readonly string[]
  readonly differs: boolean
}

const rows = rowsOf<Row>(join(root, 'test/cases/looks/differs.yml'), ['name', 'at', 'absent', 'writes', 'differs'])

for (const { name, at, absent = false, writes, differs } of rows) {
  t.test(name, async t => {
    t.equal(mayDiffer({ at, absent }, writes), differs)
    // Who asks and who writes have the same way of meaning a place.
    const turned = at !== 'anything' && writes !== undefined && [...at, ...writes].every(path => path.startsWith('/'))
    if (turned) t.equal(mayDiffer({ at: writes, absent }, at), differs, 'the other way round')
  })
}
