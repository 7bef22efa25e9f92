import fc from 'fast-check'
import t from 'tap'
import { lookup, parseSshConfig } from '../../../../engine/transport/ssh-config/parse.js'

const none = { include: () => [] }
const ask = (
  text: string,
  name: string,
  more: { readonly user?: string } = {},
  include: (pattern: string) => readonly string[] = none.include,
) => {
  const texts = (pattern: string) => include(pattern).map(one => ({ file: pattern, text: one }))
  return Object.fromEntries(lookup(parseSshConfig(text, { include: texts }), { name, localUser: 'me', ...more }))
}

t.test('the first value wins, files add up', async t => {
  const text = `
    # a comment
    IdentityFile ~/.ssh/first
    Host web* !web9
      HostName %h.example.org
      user=deploy
      Port = 2222   # why
      IdentityFile "~/.ssh/a key"
    Host *
      User nobody
      Port 22
  `
  t.strictSame(ask(text, 'web1'), {
    identityfile: ['~/.ssh/first', '~/.ssh/a key'],
    hostname: ['%h.example.org'],
    user: ['deploy'],
    port: ['2222'],
  })
  t.strictSame(ask(text, 'web9'), { identityfile: ['~/.ssh/first'], user: ['nobody'], port: ['22'] })
  t.match(ask(text, 'WEB1'), { user: ['deploy'] }, 'names have no case')
})

t.test('what the command line says comes first', async t => {
  const config = parseSshConfig('Port 22\nUser a', none)
  const first = new Map([['port', ['2200']]])
  t.strictSame(Object.fromEntries(lookup(config, { name: 'x', localUser: 'me' }, first)), {
    port: ['2200'],
    user: ['a'],
  })
})

t.test('Match', async t => {
  const cases: readonly (readonly [criteria: string, holds: boolean])[] = [
    ['all', true],
    ['host *.example.org', true],
    ['host web1', false],
    ['originalhost web1', true],
    ['originalhost web1 user root', false],
    ['originalhost web1 user deploy,root', true],
    ['!originalhost web1', false],
    ['!originalhost db1 localuser me', true],
    ['originalhost *,!web1', false],
    ['exec "true"', false],
    ['final', false],
    ['canonical all', false],
    ['', false],
  ]
  for (const [criteria, holds] of cases) {
    const text = `HostName web1.example.org\nMatch ${criteria}\n  Port 7\n`
    t.same(ask(text, 'web1', { user: 'deploy' })['port'], holds ? ['7'] : undefined, criteria)
  }
})

t.test('Include stands where it is written, and within its Host', async t => {
  const files: { readonly [pattern: string]: readonly string[] } = {
    'conf.d/*': ['Host a\n User one', 'User two\nHost b\n User three'],
    loop: ['Include loop\nPort 9'],
  }
  const include = (pattern: string): readonly string[] => files[pattern] ?? []
  t.match(ask('Include conf.d/*\nUser four', 'a', {}, include), { user: ['one'] })
  t.match(ask('Include conf.d/*\nUser four', 'b', {}, include), { user: ['two'] })
  t.match(ask('Host x\n Include conf.d/*\n Port 1\nHost *\n User four', 'b', {}, include), { user: ['four'] })
  t.match(ask('Host x\n Include conf.d/*\n Port 1', 'x', {}, include), { user: ['two'], port: ['1'] })
  t.match(ask('Include loop', 'x', {}, include), { port: ['9'] }, 'a loop ends')
})

t.test('a command is taken as it stands', async t => {
  t.match(ask('ProxyCommand ssh -W "%h:%p" jump # really', 'x'), { proxycommand: ['ssh -W "%h:%p" jump # really'] })
})

t.test('no text makes it fail', async () => {
  const line = fc.oneof(
    fc.string(),
    fc.constantFrom('Host', 'Host *', 'Match', 'Match host', 'Match user a', 'Port', '=', 'Include x', '"'),
  )
  fc.assert(
    fc.property(fc.array(line), fc.string(), (lines, name) => {
      ask(lines.join('\n'), name)
    }),
  )
})
