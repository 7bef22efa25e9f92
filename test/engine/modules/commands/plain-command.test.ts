import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { isPlainCommand } from '../../../../engine/modules/commands/plain-command.js'

const cases: readonly (readonly [string, boolean])[] = [
  ['uptime', true],
  ['df -P /', true],
  ['/usr/bin/systemctl is-active ssh.service', true],
  ['uname  -r', true],
  ['', false],
  [' uptime', false],
  ['uptime ', false],
  ['uptime | wc', false],
  ['uptime; id', false],
  ['uptime\nid', false],
  ['A=1 env', false],
  ['echo a', false],
  ['cd /', false],
  ['if true', false],
  ['-x', false],
  ['~/bin/x', false],
  ['ls *', false],
  ['cat $HOME', false],
  ["ls 'a'", false],
  ['ls ~', false],
  ['a() b', false],
  ['ls {a,b}', false],
  ['time -p ls', false],
]

t.test('one program with plain words, and nothing that a shell does itself', async t => {
  for (const [text, plain] of cases) t.equal(isPlainCommand(text), plain, JSON.stringify(text))
})

t.test('for whatever counts as plain, a shell makes just these words of it', async () => {
  const piece = fc.stringMatching(/^[a-zA-Z0-9_./:,@%+=*?$~{}!^#-]{1,6}$/)
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), words => {
      const text = ['prog', ...words].join(' ')
      fc.pre(isPlainCommand(text))
      const told = spawnSync('/bin/sh', ['-c', `prog() { printf '%s\\n' "$@"; }; ${text}`]).stdout.toString()
      return told === `${words.join('\n')}\n`
    }),
    { numRuns: 60 },
  )
})

t.test('every word that these shells do themselves is known', async t => {
  for (const [shell, list] of [
    ['/bin/bash', 'compgen -bk'],
    ['/bin/dash', undefined],
  ] as const) {
    const own =
      list === undefined
        ? ['cd', 'echo', 'eval', 'exec', 'printf', 'test', 'type', 'ulimit', 'umask', 'wait', 'local', 'chdir', 'kill']
        : spawnSync(shell, ['-c', list]).stdout.toString().split('\n').filter(Boolean)
    t.ok(own.length > 10, shell)
    for (const word of own) t.notOk(isPlainCommand(word), `${shell}: ${word}`)
  }
})
