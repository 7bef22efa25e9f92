import t from 'tap'
import { templateEnv } from '../../../engine/template/index.js'
import { shown, variables } from '../../support/evaluate.js'

const scope = variables({ name: 'bob', d: { constructor: 'own', __proto__: 1 }, list: [1] })

/** Two lists of 40 levels, in each of which the one below stands twice. */
const doubled = (use: string): string =>
  `{% set ns = namespace(a=[1], b=[1]) %}{% for _ in range(40) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}${use.replaceAll('%a', 'ns.a').replaceAll('%b', 'ns.b')}`

t.test('a template cannot take all time or all memory', async t => {
  const greedy = [
    '{{ range(10 ** 9) | list }}',
    "{{ 'x' * 10 ** 9 }}",
    '{{ [0] * 10 ** 9 }}',
    '{{ 10 ** (10 ** 10) }}',
    "{{ '%1000000000d' % 1 }}",
    "{{ '{:>1000000000}'.format(1) }}",
    "{{ 'x'.center(10 ** 9) }}",
    "{{ 'x' | center(10 ** 9) }}",
    "{{ 'x' | indent(10 ** 9) }}",
    "{{ ('a' * 1000000).replace('a', 'b' * 1000000) }}",
    '{{ range(1000) | product(range(1000), range(1000)) }}',
    '{{ range(40) | combinations(20) }}',
    '{% for a in range(10000) %}{% for b in range(10000) %}{% endfor %}{% endfor %}',
    "{% for a in range(1000) %}{{ 'x' * 1000000 }}{% endfor %}",
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    "{{ ('a' * 40) is match('(a+)+$') ~ ('a' * 40 ~ 'b') is match('(a+)+$') }}",
    "{{ ('a' * 50000) is search('a*a*a*b') }}",
    "{{ query('sequence', '1000000000') }}",
    '{{ lookup("nested", range(1000), range(1000), range(1000)) }}',
    // Small in memory, since the same list stands in it a thousand times, and large for whoever walks through it.
    '{{ [[[[[1] * 1000] * 1000] * 1000] * 1000] * 1000 }}',
    '{{ ([[[[[1] * 1000] * 1000] * 1000] * 1000] * 1000) | to_json }}',
    'x{{ [[[[[1] * 1000] * 1000] * 1000] * 1000] * 1000 }}',
    '{{ ([[[[[1] * 1000] * 1000] * 1000] * 1000] * 1000) | flatten | length }}',
    '{{ [1] | batch(10 ** 9, 0) }}',
    "{{ (('a b ' * 1000000) | title, ('a b ' * 1000000) | title) }}",
    "{{ ('a b ' * 100000) | wordwrap(10) }}",
    "{{ ('a\n' * 100000) | indent(1000) }}",
    "{{ dict(('ab' * 200000) | batch(2)) }}",
    "{{ ('a' * 400000) | batch(2) | list | length }}",
    "{{ ('a ' * 400000).split() | length ~ ('a ' * 400000).split() | length }}",
    "{{ ('%41' * 1000000) | urldecode }}",
    '{{ range(30000) | unique | length }}',
    '{{ range(30000) | difference(range(30000) | map("string")) | length }}',
    doubled('{{ %a == %b }}'),
    doubled('{{ %a is ne(%b) }}'),
    doubled('{{ %a < %b }}'),
    doubled('{{ %a in [1, %b] }}'),
    doubled('{{ [%a].count(%b) }}'),
    doubled('{{ [1, %a].index(%b) }}'),
    doubled('{{ [%a, %b] | unique | length }}'),
    doubled('{{ [%a, %b] | max }}'),
    doubled("{{ {'x': [%a]} | combine({'x': [%b]}, list_merge='append_rp') }}"),
    "{% set ns = namespace(a={}, b={}) %}{% for _ in range(40) %}{% set ns.a = {'x': ns.a, 'y': ns.a} %}{% set ns.b = {'x': ns.b, 'y': ns.b} %}{% endfor %}{{ ns.a == ns.b }}",
    "{% set ns = namespace(a={}, b={}) %}{% for _ in range(40) %}{% set ns.a = {'x': ns.a, 'y': ns.a} %}{% set ns.b = {'x': ns.b, 'y': ns.b} %}{% endfor %}{{ ns.a | combine(ns.b, recursive=true) | length }}",
  ]
  const env = templateEnv({ budget: { steps: 100_000, bytes: 8 << 20 } })
  for (const text of greedy) t.match(shown(text, scope, env), /^budget: /, text)
  t.match(shown("x\n{{ 'x' * 10 ** 9 }}", scope), / at 4:8$/, 'the error has its place')
})

t.test('a long text from a host does not hold up the run', async t => {
  t.equal(shown("{{ ('9' * 4300) | int == 10 ** 4300 - 1 }}", scope), 'True')
  t.equal(shown("{{ ('9' * 1000000) | int(-1) }}", scope), '-1', "as Python's int() refuses it")
  t.equal(shown("{{ ('a ' * 300000) | wordwrap(1) | length }}", scope), '599999')
})

t.test('to ask a long text what it is costs next to nothing', async t => {
  const env = templateEnv({ budget: { steps: 20_000, bytes: 32 << 20 } })
  const long = { ...scope, get: (name: string) => (name === 'long' ? 'x'.repeat(2_000_000) : scope.get(name)) }
  t.equal(shown("{{ long | default('') | length }}", long, env), '2000000')
  t.equal(shown('{{ long is string and long is not mapping and long is sequence }}', long, env), 'True')
  t.equal(shown('{{ long | string | length + 0 * (long | bool) }}', long, env), '2000000')
  t.match(shown('{% for i in range(100) %}{{ long | length }}{% endfor %}', long, env), /^budget: /)
  t.equal(shown("{{ ('\u{1F600}' * 1000) | length }}", long, env), '1000')
})

t.test('a format that reads one thing twice is an error of the template', async t => {
  t.match(shown("{{ '20202020' | to_datetime('%Y%Y') }}", scope), /^type: to_datetime reads %Y only once/)
  t.match(shown("{{ '10:00:00 10' | to_datetime('%T %H') }}", scope), /^type: to_datetime reads %H only once/)
})

t.test('no name reaches JavaScript', async t => {
  const names = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'length',
    'call',
    'size',
    'then',
  ]
  const values = [
    'name',
    'list',
    '1',
    '1.5',
    'true',
    'range',
    "'x'.upper",
    '{}',
    'namespace()',
    'cycler(1)',
    'lookup',
    'now()',
    'omit',
  ]
  for (const value of values) {
    for (const name of names) {
      t.match(shown(`{{ ${value}.${name} is defined }}`, scope), 'False', `${value}.${name}`)
      t.match(shown(`{{ ${value}['${name}'] is defined }}`, scope), 'False', `${value}['${name}']`)
      t.match(shown(`{{ ${value} | attr('${name}') is defined }}`, scope), 'False', `${value} | attr('${name}')`)
    }
  }
  t.equal(shown('{{ d.constructor }}', scope), "'own'", 'a key of that name is a key')
  for (const name of names) {
    t.match(shown(`{{ ${name} }}`, scope), /^undefined: /, name)
    if (name !== 'length') t.match(shown(`{{ 1 | ${name} }}`, scope), /there is no filter/, `| ${name}`)
    t.match(shown(`{{ 1 is ${name} }}`, scope), /there is no test/, `is ${name}`)
    t.match(shown(`{{ lookup('${name}') }}`, scope), /there is no lookup/, `lookup ${name}`)
  }
  t.match(shown("{{ '{0.constructor}'.format('x') }}", scope), /there is no 'constructor'/)
  t.match(shown("{{ 'x' | map('constructor') | list }}", scope), /there is no filter/)
  t.match(shown("{{ {} | combine({}, list_merge='constructor') }}", scope), /list_merge is one of/)
  t.equal(shown("{{ 'constructor' | bool }}", scope), 'False')
  t.equal(shown('{{ \'{"__proto__": {"x": 1}}\' | from_json }}', scope), "{'__proto__': {'x': 1}}")
})

t.test('a template changes only what it made', async t => {
  t.match(shown('{% do list.append(2) %}{{ list }}', scope), /^type: list.append\(\) would change a variable/)
  t.match(shown('{% do d.update({}) %}', scope), /^type: dict.update\(\) would change a variable/)
  t.equal(shown('{% set mine = list | list %}{% do mine.append(2) %}{{ mine }}{{ list }}', scope), "'[1, 2][1]'")
  t.equal(shown('{% for i in [1, 2] %}{% set l = [] %}{% do l.append(i) %}{{ l }}{% endfor %}', scope), "'[1][2]'")
})

t.test('what nests too deep is an error', async t => {
  t.match(shown(`{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`, scope), /^syntax: /)
  t.match(shown(`${'{% if 1 %}'.repeat(5000)}`, scope), /^syntax: /)
  t.match(shown(`{{ ${'1 + '.repeat(20000)}1 }}`, scope), /^(?:syntax|budget): /)
  t.match(shown(`{{ '${'['.repeat(5000)}' | from_json }}`, scope), /nested too deep/)
})
