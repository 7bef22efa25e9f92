import fc from 'fast-check'
import t from 'tap'
import { select, unknownNames } from '../../../engine/inventory/select.js'
import { saidBy } from '../config/errors.js'

const names = {
  hosts: ['lb', 'web1', 'web2', 'web3', 'db1', 'db2'],
  groups: new Map([
    ['all', ['lb', 'web1', 'web2', 'web3', 'db1', 'db2']],
    ['web', ['web1', 'web2', 'web3']],
    ['db', ['db1', 'db2']],
    ['my-group', ['db2', 'web1']],
    ['none', []],
  ]),
}

const cases: readonly (readonly [pattern: string, hosts: string])[] = [
  ['all', 'lb web1 web2 web3 db1 db2'],
  ['*', 'lb web1 web2 web3 db1 db2'],
  ['web', 'web1 web2 web3'],
  ['db2', 'db2'],
  ['db:web', 'db1 db2 web1 web2 web3'],
  ['db,lb', 'db1 db2 lb'],
  ['web:!web2', 'web1 web3'],
  ['!web', 'lb db1 db2'],
  ['!web:all', 'lb db1 db2'],
  ['all:&my-group', 'web1 db2'],
  ['my-group', 'db2 web1'],
  ['web[0]', 'web1'],
  ['web[-1]', 'web3'],
  ['web[0:1]', 'web1 web2'],
  ['web[1:]', 'web2 web3'],
  ['web[1-2]', 'web2 web3'],
  ['web[0:1]:db[1]', 'web1 web2 db2'],
  ['web?', 'web1 web2 web3'],
  ['*1', 'web1 db1'],
  ['w*b', 'web1 web2 web3'],
  ['~(web|db)2', 'web2 db2'],
  ['~web[0-9]$', 'web1 web2 web3'],
  ['~b', ''],
  ['~(?:web|db)1', 'web1 db1'],
  ['db1:~web:&*1', 'db1 web1'],
  ['all:!wbe', 'lb web1 web2 web3 db1 db2'],
  ['web:!xyz[0]', 'web1 web2 web3'],
  ['none', ''],
  ['none[0]', ''],
  ['x*', ''],
  ['localhost', 'localhost'],
]

const refused: readonly (readonly [pattern: string, said: string])[] = [
  ['wbe', "f.yml:1:10: no host or group 'wbe' in the inventory — did you mean 'web'?"],
  ['xyz', "f.yml:1:10: no host or group 'xyz' in the inventory — groups are web, db, my-group, none"],
  ['all:&wbe', "f.yml:1:10: no host or group 'wbe' in the inventory — did you mean 'web'?"],
  ['web[3]', 'f.yml:1:10: web[3]: web has 3 hosts — the first is web[0], the last web[-1]'],
  ['', "f.yml:1:10: an empty host pattern — name a group or host, or 'all'"],
  ['web:!', "f.yml:1:10: '!' names nothing — write the group or host after !"],
  ['~(', "f.yml:1:10: '~(' is no regular expression: "],
]

const source = { file: 'f.yml', line: 1, col: 10 }

t.test('what patterns mean', async t => {
  for (const [pattern, hosts] of cases) {
    t.equal(select(pattern, names, source).join(' '), hosts, pattern)
  }
  t.same(
    select('web[13]x', { hosts: ['web1x', 'web2x', 'web3x'], groups: new Map() }),
    ['web1x', 'web3x'],
    'brackets of a glob',
  )
  t.same(select('fd00::1', { hosts: ['fd00::1'], groups: new Map() }), ['fd00::1'])
})

t.test('what is refused', async t => {
  for (const [pattern, said] of refused) t.ok(saidBy(() => select(pattern, names, source)).startsWith(said), pattern)
  t.equal(
    saidBy(() => select('web', { hosts: [], groups: new Map() })),
    "no host or group 'web': there is no inventory — give one: -i hosts.yml",
  )
})

t.test('patterns are sets', async t => {
  const atom = fc.constantFrom('all', 'web', 'db', 'my-group', 'lb', 'web2', '*1', '~.*2', 'none')
  fc.assert(
    fc.property(
      fc.array(atom, { minLength: 1, maxLength: 3 }),
      fc.array(atom, { maxLength: 2 }),
      fc.array(atom, { maxLength: 2 }),
      fc.constantFrom(':', ','),
      (or, and, not, separator) => {
        const hosts = (one: string) => new Set(select(one, names))
        const chosen = select(
          [...not.map(one => `!${one}`), ...and.map(one => `&${one}`), ...or].join(separator),
          names,
        )
        const wanted = names.hosts.filter(
          host =>
            or.some(one => hosts(one).has(host)) &&
            and.every(one => hosts(one).has(host)) &&
            !not.some(one => hosts(one).has(host)),
        )
        t.same(new Set(chosen), new Set(wanted))
        t.equal(chosen.length, wanted.length)
      },
    ),
  )
})

t.test('for a play a name that nothing has is nobody', async t => {
  const selected = (pattern: string) => select(pattern, names, undefined, 'nobody')
  t.strictSame(selected('wbe'), [])
  t.strictSame(selected('wbe:web1:!wbe'), ['web1'])
  t.strictSame(selected('web:&wbe'), [])
  t.strictSame(selected('wbe[0]'), [])
  t.throws(() => selected('web:!'))
})

t.test('names that nothing has are told', async t => {
  const said = (pattern: string) =>
    unknownNames(pattern, names).map(({ sign, problem }) => `${sign}: ${problem.message} — ${problem.hint}`)
  const wbe = "no host or group 'wbe' in the inventory — did you mean 'web'?"
  t.strictSame(said('all:!wbe:!web1:!x*:!~y:!localhost:!my-group[0]'), [`not: ${wbe}`])
  t.strictSame(said('wbe[0]:web:&wbe'), [`or: ${wbe}`, `and: ${wbe}`])
  t.strictSame(said('web:!'), [])
})
