import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { expandingWords, globText } from '../../../../engine/modules/support/expanding-words.js'

const shells = [['/bin/sh'], ['/bin/bash']] as const
const run = (shell: string, text: string, env: NodeJS.ProcessEnv = {}): string =>
  spawnSync(shell, ['-c', text], {
    env: { PATH: process.env['PATH'], HOME: '/home/kim', X: 'a  b*', ...env },
  }).stdout.toString()

t.test('variables are put in on the host, and nothing else is', async t => {
  const words = [
    '$X',
    '${X}!',
    'pre$X',
    '$NOPE',
    '${NOPE}',
    '$',
    '$1',
    '$(id)',
    '`id`',
    '~/x',
    '~',
    'a~',
    "it's $X",
    '*',
    '"$X"',
    '$NOPE}',
  ]
  for (const [shell] of shells) {
    const said = run(shell, `printf '%s\\n' ${expandingWords(words)}`)
    t.same(said.split('\n').slice(0, -1), [
      'a  b*',
      'a  b*!',
      'prea  b*',
      '$NOPE',
      '${NOPE}',
      '$',
      '$1',
      '$(id)',
      '`id`',
      '/home/kim/x',
      '/home/kim',
      'a~',
      "it's a  b*",
      '*',
      '"a  b*"',
      '$NOPE}',
    ])
  }
})

t.test('a glob keeps its stars, and only those', async t => {
  const dir = t.testdir({ 'a 1': '', 'a 2': '', b: '', $x: '' })
  const found = (pattern: string): readonly string[] =>
    run('/bin/sh', `for f in ${globText(join(dir, pattern))}; do printf '%s\\n' "$f"; done`)
      .split('\n')
      .slice(0, -1)
      .map(path => path.slice(dir.length + 1))
  t.same(found('a *'), ['a 1', 'a 2'])
  t.same(found('a [12]'), ['a 1', 'a 2'])
  t.same(found('b?'), ['b?'], 'what matches nothing stays as it is written')
  t.same(found('[ab]'), ['b'])
  t.same(found('$x'), ['$x'])
  t.same(found('$(id)'), ['$(id)'])
  t.equal(run('/bin/sh', `echo ${globText('~/x y')}`), '/home/kim/x y\n')
})
