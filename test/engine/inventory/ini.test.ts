import fc from 'fast-check'
import t from 'tap'
import { Builder } from '../../../engine/inventory/builder.js'
import { readIni } from '../../../engine/inventory/ini.js'
import { load, saidOf, varsOf } from './load.js'

const ini = `
; of nobody
alone.example.com ansible_host=10.0.0.9
[web]
web[01:03] n=5 text="a b" flag=True yes=yes mode=0644   # a comment
10.0.0.7:2222
[db]
db-[a:c:2]
[web:vars]
port = 8080
list=['a', 1]
said = a # b
[site:children]
web
db
[site:vars]
name='x'
`

t.test('hosts, ranges, groups, values', async t => {
  const inventory = await load(t, { hosts: ini })
  t.same(inventory.names, ['alone.example.com', 'web01', 'web02', 'web03', '10.0.0.7', 'db-a', 'db-c'])
  t.same(inventory.groups.get('site'), ['web01', 'web02', 'web03', '10.0.0.7', 'db-a', 'db-c'])
  t.same(inventory.groups.get('ungrouped'), ['alone.example.com'])
  t.same(inventory.groupsOf('web02'), ['site', 'web'])
  t.same(varsOf(inventory, 'web02'), {
    n: 5,
    text: 'a b',
    flag: true,
    yes: 'yes',
    mode: '0644',
    port: 8080,
    list: ['a', 1],
    said: 'a # b',
    name: 'x',
  })
  t.same(varsOf(inventory, '10.0.0.7')['ansible_port'], 2222)
  t.match(inventory.layersOf('web02').at(-1)?.bindings.get('text')?.source, { line: 5, col: 16 })
})

t.test('variables before their group', async t => {
  t.same(varsOf(await load(t, { hosts: '[g:vars]\na=1\n[g]\nh\n' }), 'h'), { a: 1 })
})

const refused: readonly (readonly [ini: string, said: string])[] = [
  ['[web', "1:1: '[web' is no section — write [group], [group:children] or [group:vars]"],
  ['[web:childern]\nh', "1:1: unknown section [web:childern] — did you mean 'children'?"],
  ['[web]\nh\n[site:children]\nwbe', "4:1: [site:children]: no group 'wbe' — did you mean 'web'?"],
  ['[web]\nh\n[wob:vars]\na=1', "3:1: [wob:vars]: no group 'wob' — did you mean 'web'?"],
  [
    'h a',
    "1:3: 'a' where key=value belongs — write key=value without spaces around =, in quotes if the value has spaces",
  ],
  ['[web]\nh\n[web:vars]\nport 80', "4:1: 'port 80' where key=value belongs — write key=value"],
  ['h a="b', '1:1: a quote is never closed — close it, or put a backslash before it'],
  ['[web]\na=1', "2:1: 'a=1' where a host name belongs — variables of the group go under [web:vars]"],
  ['web:\n  hosts:', "1:1: 'web:' is YAML, in a file that is read as INI — name the file .yml"],
  ['h[1', "1:1: 'h[1' has a [ that is never closed — write a range as [01:50]"],
  ['h[01:100]', '1:1: the bounds of [01:100] differ in length — write both with 3 digits'],
  ['h[5:1]', '1:1: [5:1] goes down — write [1:5]'],
  ['h[1:999999999]', '1:1: [1:999999999] is more than 100000 names — check its bounds'],
  ['h[1:b]', "1:1: '[1:b]' is no range — bounds are both numbers or both single letters: [01:50], [a:f]"],
  [
    '[web]\nn1\nn[1:2]',
    "3:1: two hosts of the same name: 'n1' — it is in this group already, at hosts.ini:2:1: remove one, or give one another name and its ansible_host",
  ],
  [
    '[a]\nn ansible_host=10.0.0.1\n[b]\nn ansible_host=10.0.0.2',
    "4:3: two hosts of the same name: 'n' has ansible_host 10.0.0.2 here and 10.0.0.1 at hosts.ini:2:3 — give one of them another name, or remove the wrong address",
  ],
  [
    '[a]\nh\n[a:children]\nb\n[b:children]\na',
    "5:1: groups in a circle: a > b > a — take 'a' out of the children of 'b' ('a' is at hosts.ini:1:1)",
  ],
  [
    '# nothing',
    '1:1: the inventory names no hosts (hosts.ini) — add one: in YAML under all: and hosts:, in INI a name on a line of its own',
  ],
]

t.test('what is refused', async t => {
  for (const [text, said] of refused) {
    t.equal(await saidOf(t, { 'hosts.ini': text }), `hosts.ini:${said}`, text)
  }
})

t.test('the same host in several groups is one host', async t => {
  const inventory = await load(t, { hosts: '[a]\nn ansible_host=10.0.0.1\n[b]\nn x=1\n' })
  t.same(inventory.names, ['n'])
  t.same(inventory.groupsOf('n'), ['a', 'b'])
})

t.test('what is written is read: names, ranges and values', async t => {
  const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}[a-z0-9]$/)
  const value = fc.oneof(fc.integer(), fc.boolean(), fc.string({ unit: 'grapheme-ascii' }))
  const literal = (one: unknown) =>
    typeof one === 'string' ? JSON.stringify(one) : typeof one === 'boolean' ? (one ? 'True' : 'False') : String(one)
  const word = (one: unknown) => `"${literal(one).replace(/[\\"]/g, '\\$&')}"`
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
      value,
      fc.nat(20),
      fc.nat(20),
      (names, one, from, more) => {
        const builder = new Builder()
        const lines = names.map(host => `${host} v=${word(one)}`)
        readIni(
          `[g]\n${lines.join('\n')}\n[r]\nzz-[${from}:${from + more}]-z\n[g:vars]\nw=${literal(one)}\n`,
          'f',
          builder,
        )
        t.same(builder.problems, [])
        t.same([...(builder.groups.get('g')?.hosts ?? [])], names)
        t.equal(builder.groups.get('r')?.hosts.size, more + 1)
        t.same(builder.hosts.get(names[0] ?? '')?.vars.get('v')?.value, one)
        t.same(builder.groups.get('g')?.vars.get('w')?.value, one)
      },
    ),
  )
})

t.test('whatever the text, problems have places inside it', async t => {
  const piece = fc.constantFrom('[', ']', 'a', 'b', ':', 'vars', 'children', '=', '1', '"', '\n', ' ', '#', ',', '-')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const builder = new Builder()
      readIni(pieces.join(''), 'f', builder)
      const lines = pieces.join('').split('\n').length
      for (const { source, hint } of builder.problems)
        t.ok(source !== undefined && source.line <= lines && hint !== undefined)
    }),
  )
})
