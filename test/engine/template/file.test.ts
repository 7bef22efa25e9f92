import t from 'tap'
import { compileFile, compileTemplate, templateEnv } from '../../../engine/template/index.js'
import { variables } from '../../support/evaluate.js'

const files = new Map([
  ['header.j2', '# {{ name }} {{ local | default("-") }}\n'],
  ['macros.j2', '{% macro line(key, value=1) %}{{ key }} = {{ value }}{% endmacro %}{% set version = 2 %}'],
  ['broken.j2', 'line one\n{{ gone }}\n'],
  ['loop.j2', '{% include "loop.j2" %}'],
])
const env = templateEnv({
  include: name => {
    if (name === 'locked.j2') throw new Error('permission denied')
    const text = files.get(name)
    return text === undefined ? undefined : { text, file: `templates/${name}` }
  },
})
const scope = variables({ name: 'ann', items: [1, 2], on: true })
const render = (text: string, options: Parameters<typeof compileFile>[2] = {}): unknown =>
  compileFile(text, 'templates/main.j2', options, env).evaluate(scope)

t.test('white space around blocks', async t => {
  const text = 'a\n  {% if on %}\n  b\n  {% endif %}\nc\n'
  t.equal(render(text), 'a\n    b\n  c\n')
  t.equal(render(text, { lstripBlocks: true }), 'a\n  b\nc\n')
  t.equal(render(text, { trimBlocks: false }), 'a\n  \n  b\n  \nc\n')
  t.equal(render('a\n  {%+ if on %}\nb\n  {% endif %}\n', { lstripBlocks: true }), 'a\n  b\n')
  t.equal(render('  {# x #}\na\n', { lstripBlocks: true }), 'a\n')
  t.equal(render('  {{ name }}\n', { lstripBlocks: true }), '  ann\n')
  t.equal(render('a\nb\n', { newline: '\r\n' }), 'a\r\nb\r\n')
  t.equal(render('a\r\n{{ name }}\r\n'), 'a\nann\n')
})

t.test('other delimiters, by option and by the first line', async t => {
  t.equal(
    render('[[ name ]] {{ x }} <% if on %>y<% endif %>', {
      variableStart: '[[',
      variableEnd: ']]',
      blockStart: '<%',
      blockEnd: '%>',
    }),
    'ann {{ x }} y',
  )
  t.equal(
    render("#jinja2: variable_start_string: '[%', variable_end_string: '%]', trim_blocks: False\n[% name %]\n"),
    'ann\n',
  )
  t.throws(() => render('#jinja2: nonsense: 1\nx'), { code: 'syntax', message: /no option 'nonsense'/ })
})

t.test('a file is text', async t => {
  t.equal(render('{{ 5 }}'), '5')
  t.equal(render('{{ items }}\n'), '[1, 2]\n')
  t.equal(render('{% if not on %}x{% endif %}'), '')
  t.equal(render(''), '')
})

t.test('include, import and from', async t => {
  t.equal(
    render('{% set local = 7 %}{% include "header.j2" %}\nend\n'),
    '# ann 7end\n',
    'one newline of the file is dropped, and the one behind the block',
  )
  t.equal(render('{% for i in items %}{% set local = i %}{% include "header.j2" %}{% endfor %}'), '# ann 1# ann 2')
  t.equal(
    render('{% import "macros.j2" as m %}{{ m.line("a") }} {{ m.line("b", 2) }} {{ m.version }}'),
    'a = 1 b = 2 2',
  )
  t.equal(render('{% from "macros.j2" import line as l, version %}{{ l("a", version) }}'), 'a = 2')
  t.equal(render('{% include "nope.j2" ignore missing %}x'), 'x')
  t.equal(render('{% include ["nope.j2", "header.j2"] %}'), '# ann -')
  t.throws(() => render('{% include "nope.j2" %}'), { code: 'lookup', message: /no template 'nope.j2'/ })
  t.throws(() => render('a\n{% include "broken.j2" %}'), {
    code: 'undefined',
    source: { file: 'templates/broken.j2', line: 2, col: 4 },
  })
  t.throws(() => render('{% include "locked.j2" %}'), { code: 'lookup', message: /permission denied/ })
  t.throws(() => render('{% include "loop.j2" %}'), { code: 'recursion' })
  t.throws(() => compileTemplate('{% include "header.j2" %}', undefined, templateEnv()).evaluate(scope), {
    code: 'lookup',
  })
})

t.test('places in files', async t => {
  t.throws(() => render('one\n  {{ gone }}\n'), {
    code: 'undefined',
    source: { file: 'templates/main.j2', line: 2, col: 6 },
  })
  t.throws(() => render('one\ntwo {% if %}\n'), {
    code: 'syntax',
    source: { file: 'templates/main.j2', line: 2, col: 11 },
  })
  t.throws(() => render('#jinja2: trim_blocks: True\n{{ gone }}\n'), { code: 'undefined', source: { line: 2, col: 4 } })
})

t.test('what does not end the block that is open says which is, and what closes it', async t => {
  const refusalOf = (text: string): unknown => {
    try {
      return render(text)
    } catch (error) {
      return error
    }
  }
  const closing = { hint: "close the 'for' of line 1 first: {% endfor %}", source: { line: 3, col: 4 } }
  t.match(refusalOf('{% for x in items %}\n{{ x }}\n{% endif %}\n'), closing)
  t.match(refusalOf('a\n{% endif %}\n'), { hint: 'take it out, or begin before it what it ends' })
})
