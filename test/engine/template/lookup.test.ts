import t from 'tap'
import { Secret, Unknown } from '../../../engine/core/value.js'
import { templateEnv } from '../../../engine/template/index.js'
import { shown, variables } from '../../support/evaluate.js'

const env = templateEnv({
  lookups: {
    env: terms => terms.map(term => (term === 'HOME' ? '/root' : '')),
    file: ([name]) => {
      if (name !== 'there') throw new Error(`no such file: ${String(name)}`)
      return ['text']
    },
    pipe: () => new Unknown('its turn'),
    password: () => [new Secret('pw')],
    options: (_, named) => [new Map([...named])],
  },
  files: {
    exists: path => path === '/a',
    kind: path => (path === '/a' ? 'file' : path === '/d' ? 'directory' : undefined),
  },
  parseYaml: text => {
    if (text === '[') throw new Error('never closed')
    return new Map([['read', text]])
  },
  now: () => Date.UTC(2026, 10, 23, 20, 47, 5),
})
const scope = variables({ path: '/a' }, { pw: new Secret('there') })

const cases: readonly (readonly [string, string])[] = [
  ["{{ lookup('env', 'HOME') }}", "'/root'"],
  ["{{ lookup('ansible.builtin.env', 'HOME') }}", "'/root'"],
  ["{{ query('env', 'HOME', 'X') }}", "['/root', '']"],
  ["{{ lookup('file', 'there') }}", "'text'"],
  ["{{ lookup('file', 'gone', errors='ignore') }}", 'None'],
  ["{{ lookup('file', 'gone', errors='ignore', wantlist=true) }}", '[]'],
  ["{{ lookup('file', 'gone', errors='ignore') | default('d', true) }}", "'d'"],
  ["{{ lookup('file', pw) }}", "secret: 'text'"],
  ["{{ lookup('pipe', 'date') }}", 'unknown: its turn'],
  ["{{ 'x' ~ lookup('password', '/dev/null') }}", "secret: 'xpw'"],
  ["{{ lookup('options', a=1, wantlist=false) }}", "{'a': 1}"],
  ['{{ path is exists }}', 'True'],
  ["{{ path is file and path is not directory and '/d' is directory }}", 'True'],
  ["{{ 'a: 1' | from_yaml }}", "{'read': 'a: 1'}"],
  ["{{ now(utc=true).strftime('%Y-%m-%dT%H:%M:%SZ') }}", "'2026-11-23T20:47:05Z'"],
  ["{{ now(utc=true, fmt='%d.%m.') }}", "'23.11.'"],
  ['{{ now(utc=true).year }}', '2026'],
  ["{{ '%s' | strftime }}", "'1795466825'"],
]
for (const [text, gives] of cases) t.equal(shown(text, scope, env), gives, text)

t.match(shown("{{ lookup('file', 'gone') }}", scope, env), /^lookup: the lookup 'file' failed: no such file: gone/)
t.match(shown("{{ lookup('fiel', 'x') }}", scope, env), /there is no lookup 'fiel'.*did you mean 'file'/)
t.match(shown("{{ 'x' is file }}", scope), /^lookup: files of the controller cannot be looked at here/)
t.match(shown("{{ 'x' | from_yaml }}", scope), /^lookup: YAML cannot be read here/)
t.match(shown("{{ '[' | from_yaml }}", scope, env), /^lookup: from_yaml: never closed in .* at 3:16$/)
