import fc from 'fast-check'
import t from 'tap'
import {
  keySourceOf,
  parseJsonOrYaml,
  parseYaml,
  parseYamlDocuments,
  readYaml,
  sourceAt,
  sourceOf,
  writtenAs,
} from '../../../../engine/config/yaml/yaml.js'
import { type Bytes, type Dict, Float, Unsafe } from '../../../../engine/core/value.js'
import { saidBy, saidLater } from '../errors.js'

const dict = (text: string): Dict => parseYaml(text, 'f.yml') as Dict

t.test('values', async t => {
  t.equal(parseYaml('', 'f.yml'), null)
  t.equal(parseYaml('# only a comment\n', 'f.yml'), null)
  t.same([...dict('b: 1\na: "2"\n10: x\n').keys()], ['b', 'a', 10], 'dicts keep their order and their keys their type')
  t.same(
    dict("a: 'yes'\nb: !!str 1\nc: ! 2\n"),
    new Map([
      ['a', 'yes'],
      ['b', '1'],
      ['c', '2'],
    ]),
  )
  t.same(dict('a: !!float 3\nb: !!binary aGk=\n').get('a'), new Float(3))
  t.same((dict('a: !!binary aGk=\n').get('a') as Bytes).bytes, Buffer.from('hi'))
  t.same(
    dict('a: !unsafe "{{ x }}"\nb: !unsafe [x, {y: z}]\n'),
    new Map<string, unknown>([
      ['a', new Unsafe('{{ x }}')],
      ['b', [new Unsafe('x'), new Map([['y', new Unsafe('z')]])]],
    ]),
  )
  t.same(parseYamlDocuments('---\na\n---\nb\n', 'f.yml'), ['a', 'b'])
  t.equal(parseYaml('\uFEFFa', 'f.yml'), 'a', 'a byte order mark is not text')
  t.same(parseYaml('\uFEFF- a: 1\r\n  b: 2\r\n', 'f.yml'), [new Map(Object.entries({ a: 1, b: 2 }))], 'nor a column')
})

t.test('merge keys: what the dict gives itself wins, then the earlier of a list', async t => {
  const text = 'a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc:\n  y: 3\n  <<: [*a, *b]\n'
  t.same(
    [...(dict(text).get('c') as Dict)],
    [
      ['x', 1],
      ['z', 2],
      ['y', 3],
    ],
  )
})

t.test('aliases are the same value', async t => {
  const both = dict('a: &a {x: [1]}\nb: *a\n')
  t.equal(both.get('a'), both.get('b'))
})

t.test('places', async t => {
  const text = '- name: x\n  copy:\n    mode: 0644\n    list: [a, "b"]\n'
  const root = parseYaml(text, 'f.yml') as readonly Dict[]
  const copy = root[0]?.get('copy') as Dict
  t.same(sourceOf(root), { file: 'f.yml', line: 1, col: 1 })
  t.same(keySourceOf(copy, 'mode'), { file: 'f.yml', line: 3, col: 5 })
  t.same(sourceOf(copy, 'mode'), { file: 'f.yml', line: 3, col: 11 })
  t.same(sourceOf(copy.get('list'), 1), { file: 'f.yml', line: 4, col: 15 })
  t.same(sourceAt(root, [0, 'copy', 'list', 7]), { file: 'f.yml', line: 4, col: 11 }, 'the nearest that has a place')
  t.equal(writtenAs(copy, 'mode'), '0644')
  t.equal(writtenAs(root[0], 'name'), undefined, 'a string is as it was written')
  t.equal(sourceOf(new Map()), undefined)
  t.equal(sourceOf('text'), undefined)
})

const refused: readonly (readonly [text: string, said: string])[] = [
  ['a: {{ b }}\n', '1:4: a value that starts with {{ is not quoted — quote it: "{{ b }}"'],
  ['a: {{ b }}/c\n', '1:4: a value that starts with {{ is not quoted — quote it: "{{ b }}/c"'],
  ['- {{ f("x") }}\n', '1:3: a value that starts with {{ is not quoted — quote it: \'{{ f("x") }}\''],
  ['a:\n\tb: 1\n', '2:1: a tab in the indentation — YAML indents with spaces only: replace the tab by spaces'],
  [
    '- a:\n    b: 1\n\tc: 2\n',
    '3:1: a tab in the indentation — YAML indents with spaces only: replace the tab by spaces',
  ],
  ['- a: 1\n  \tb: 2\n', '2:3: a tab in the indentation — YAML indents with spaces only: replace the tab by spaces'],
  ['a: b: c\n', "1:4: a second ': ' in one line — a value that holds ': ' must be quoted: 'b: c'"],
  ['a: 1\n  b: 2\n', '2:3: bad indentation — keys of one dict, and items of one list, start in the same column'],
  ['a:\n  - b\n - c\n', '3:2: bad indentation — keys of one dict, and items of one list, start in the same column'],
  [
    '- a\nb: 1\n',
    '2:1: bad indentation: this does not go with the lines before — keys of one dict, and items of one list, start in the same column',
  ],
  ['a: "x\nb: 1\n', '1:4: a quoted string is never closed — put the closing " at the end of the string'],
  ["a: 'it's'\n", "1:8: unexpected 's'' after the end of the value — quote the whole value: \"it's\""],
  ['a: "x" y\n', "1:8: unexpected 'y' after the end of the value — quote the whole value: '\"x\" y'"],
  ['a:\n  b: \'x\n  c: "y"\n', "2:6: a quoted string is never closed — put the closing ' at the end of the string"],
  ['a: [1, 2\nb: 3\n', '2:1: a list in brackets is never closed — close it with ]'],
  ['a: {b: 1\n', '2:1: a dict in brackets is never closed — close it with }'],
  ['a: @x\n', "1:4: a plain value cannot start with @ — quote it: '@x'"],
  [
    'a: "C:\\path"\n',
    "1:7: '\\p' is no escape sequence of a double-quoted string — use single quotes, or write two backslashes",
  ],
  ['a:b\nc: 1\n', "1:1: no space after ':' — write a: b"],
  ['- name: x\n copy: y\n', '2:2: bad indentation — keys of one dict, and items of one list, start in the same column'],
  ['a: b\nc\n', "2:1: 'c' is not a 'key: value' line — put ': ' between key and value"],
  ['a: *x\n', '1:4: no anchor &x before this alias — write &x before the value, or quote the text'],
  ['a: &a [*a]\n', '1:8: *a stands inside its own &a — a value cannot hold itself'],
  [
    'a: 1\nb: 2\na: 3\n',
    "3:1: duplicate key 'a' — it is given at line 1 already, and only one of the two can count: remove one",
  ],
  [
    'yes: 1\non: 2\n',
    "2:1: duplicate key 'True' — it is given at line 1 already, and only one of the two can count: remove one",
  ],
  ['? [a]\n: 1\n', '1:3: a key must be a string, a number or a boolean — quote the key'],
  ['<<: 3\n', "1:5: '<<' takes a dict or a list of dicts — write <<: *anchor"],
  [
    'a: !vault |\n  x\n',
    '1:11: a value encrypted by vault: vault is not read yet — give the value by -e @FILE instead',
  ],
  [
    '$ANSIBLE_VAULT;1.1;AES256\n3132\n',
    '1:1: a file encrypted by vault: vault is not read yet — decrypt it, or give its values by -e @FILE',
  ],
  ['a: !foo x\n', '1:9: unknown tag !foo — known are !unsafe and !!str, !!int, !!float, !!bool, !!null, !!binary'],
  ['a: !!int x\n', "1:10: 'x' is no int — remove the tag !!int"],
  [
    'a: 1\n---\nb: 2\n',
    "2:1: a second document in a file that must hold one — remove the line '---' and what follows it, or make it a file of its own",
  ],
  ['['.repeat(300) + ']'.repeat(300), '1:202: nested deeper than 200 levels — is this the right file?'],
  ['['.repeat(30_000), '1:1: nested too deeply — is this the right file?'],
]

t.test('what is refused, with a place and a cure', async t => {
  for (const [text, said] of refused)
    t.equal(
      saidBy(() => parseYaml(text, 'f.yml')),
      `f.yml:${said}`,
      text.slice(0, 30),
    )
})

t.test('several duplicate keys are told at once', async t => {
  t.match(saidBy(() => parseYaml('a: 1\na: 2\nb: {c: 1, c: 2}\n', 'f.yml')).split('\n'), [
    /^f.yml:2:1: /,
    /^f.yml:3:11: /,
  ])
})

t.test('an alias bomb is refused before anything is written out', async t => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let n = 1; n < 9; n++)
    lines.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(', ')}]`,
    )
  t.match(
    saidBy(() => parseYaml(lines.join('\n'), 'f.yml')),
    /^f.yml:\d+:\d+: aliases write out to more than 500000 values — /,
  )
})

t.test('files', async t => {
  const dir = t.testdir({ 'a.yml': 'x: 1\n' })
  t.same(await readYaml(`${dir}/a.yml`, 'a.yml'), new Map([['x', 1]]))
  t.equal(await saidLater(() => readYaml(`${dir}/b.yml`, 'b.yml')), 'b.yml:1:1: no such file: b.yml — check the path')
  t.equal(await saidLater(() => readYaml(dir, 'dir')), 'dir:1:1: dir is a folder — name a file in it')
})

t.test('JSON on a command line keeps its own types', async t => {
  t.same(
    parseJsonOrYaml('{"a": 1e3, "b": "yes"}', '-e'),
    new Map<string, unknown>([
      ['a', new Float(1000)],
      ['b', 'yes'],
    ]),
  )
  t.same(parseJsonOrYaml('{a: yes}', '-e'), new Map([['a', true]]))
})

t.test('quoted strings come back as they are', async t => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      t.equal((parseYaml(`a: ${JSON.stringify(text).replaceAll('\u007f', '\\x7f')}\n`, 'f.yml') as Dict).get('a'), text)
    }),
  )
})

t.test('whatever the text, there is a value or a ConfigError with a place inside it', async t => {
  const word = fc.constantFrom(
    'a',
    'b: ',
    '- ',
    '\n',
    '  ',
    '\t',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&x ',
    '*x',
    '<<: ',
    '{{ v }}',
    '|\n',
    '#',
    '!!int ',
    ',',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 25 }), words => {
      const text = words.join('')
      const said = saidBy(() => parseYaml(text, 'f.yml'))
      const lines = text.split('\n').length
      for (const line of said === 'no error' ? [] : said.split(/\n(?=f\.yml:)/)) {
        const place = /^f\.yml:(\d+):(\d+): /.exec(line)
        t.ok(place !== null && Number(place[1]) <= lines && Number(place[2]) > 0 && line.includes(' — '), line)
      }
    }),
  )
})
