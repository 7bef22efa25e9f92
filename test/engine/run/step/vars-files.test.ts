import t from 'tap'
import { computed } from '../../../../engine/core/expr.js'
import { rank } from '../../../../engine/core/vars.js'
import { dataLayer } from '../../../../engine/run/variables/scope.js'
import { fakeHosts } from '../harness/fake-hosts.js'
import { loader } from '../harness/loader.js'
import { play, step } from '../harness/steps.js'

t.test('a play’s files of variables are not the next play’s', async t => {
  const { run, effects } = fakeHosts(['a'])
  const source = { file: 'site.yml', line: 1, col: 1 }
  const named = { names: [computed(['me'], ([name]) => `${String(name)}.yml`)], source }
  const show = step(
    'show',
    'act',
    computed(['port'], ([port]) => new Map([['cmd', port ?? 'none']])),
  )
  const varsFile = async (names: readonly string[]) =>
    dataLayer(rank.varsFiles, 'file', [['port', `of-${names.join()}`]])
  await run([play([show], { varsFiles: [named] }), play([show])], { loader: { ...loader, varsFile } })
  t.strictSame(effects, ['a act of-a.yml', 'a act none'])
})
