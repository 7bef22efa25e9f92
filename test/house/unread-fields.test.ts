import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { root } from '../../scripts/lib/project.js'
import { unreadFields } from '../support/unread-fields.js'

t.setTimeout(300_000)

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
)

t.test('what a module takes or sees is read somewhere', async t => {
  const found = unreadFields([join(root, 'engine/modules/index.ts')], options)
  t.strictSame(
    found.map(({ module, of, field }) => `${module}: ${field} (${of})`),
    // It has one value, and is there to be written.
    ['engine/modules/system/swap.ts: state (parameters)'],
    'use it, or take it out',
  )
})

t.test('it would be found', async t => {
  const dir = t.testdir({
    'module.ts': `
interface Params { readonly used: string; readonly taken: string; readonly forgotten: string }
interface Seen { readonly at: readonly { readonly read: string; readonly unread: string }[]; readonly handed: Other }
interface Other { readonly inside: string }
declare const defineModule: <P, O>(module: { plan(p: P, seen: O): unknown }) => unknown
const inside = ({ inside }: Other) => inside
export const one = defineModule<Params, Seen>({
  plan: ({ taken, ...p }, seen) => [p.used, taken, seen.at.map(({ read }) => read), inside(seen.handed)],
})
`,
  })
  const found = unreadFields([join(dir, 'module.ts')], options)
  t.strictSame(
    found.map(({ field }) => field),
    ['forgotten', 'at.unread'],
  )
})
