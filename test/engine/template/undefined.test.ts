import t from 'tap'
import { ExpressionError, type Scope } from '../../../engine/core/expr.js'
import { compileCondition, compileExpression, compileTemplate, templateEnv } from '../../../engine/template/index.js'
import { place, shown, variables } from '../../support/evaluate.js'

const scope = variables({ kube_version: '1.31.2', item: { name: 'x', path: '/y' }, list: [1, 2], nothing: null })

const messages: readonly (readonly [string, string])[] = [
  [
    '{{ kube_verison | upper }}',
    "undefined: 'kube_verison' is undefined in «{{ kube_verison | upper }}» (did you mean 'kube_version'?) at 3:10",
  ],
  ['{{ item.state }}', "undefined: 'item' has no attribute 'state' (it has: name, path) in «{{ item.state }}» at 3:15"],
  [
    '{{ item.nmae }}',
    "undefined: 'item' has no attribute 'nmae' (it has: name, path) in «{{ item.nmae }}» (did you mean 'name'?) at 3:15",
  ],
  ["{{ item['x'].y }}", "undefined: 'item' has no attribute 'x' (it has: name, path) in «{{ item['x'].y }}» at 3:14"],
  ['{{ list[5] }}', "undefined: 'list' has no item 5: it has 2 in «{{ list[5] }}» at 3:14"],
  [
    '{{ list.name }}',
    "undefined: 'list' has no attribute 'name': it is a list in «{{ list.name }}» (it is a list: loop over it, or use | map(attribute=…)) at 3:15",
  ],
  ['{{ nothing.x }}', "undefined: 'nothing' has no attribute 'x': it is a NoneType in «{{ nothing.x }}» at 3:18"],
  // The place is in the line of the text, and the excerpt is that line.
  ['a\nb {{ zzz }}', "undefined: 'zzz' is undefined in «b {{ zzz }}» at 4:6"],
  [
    "{{ 'x' ~ (1 + 'a') }}",
    "type: '+' does not work on int and str in «{{ 'x' ~ (1 + 'a') }}» (join text with '~', or convert with | string or | int) at 3:19",
  ],
  ['{{ 1 | uper }}', "type: there is no filter 'uper' in «{{ 1 | uper }}» (did you mean 'upper'?) at 3:14"],
  ['{{ 1 is definde }}', "type: there is no test 'definde' in «{{ 1 is definde }}» (did you mean 'defined'?) at 3:15"],
  ["{{ 'a' | replace }}", "type: the filter 'replace' needs 'old' in «{{ 'a' | replace }}» at 3:16"],
  [
    "{{ 'a' | indent(widht=2) }}",
    "type: the filter 'indent' has no argument 'widht' (it takes: width, first, blank) in «{{ 'a' | indent(widht=2) }}» (did you mean 'width'?) at 3:16",
  ],
  [
    '{{ 1 | json_query("a") }}',
    'type: the filter \'json_query\' is not offered in «{{ 1 | json_query("a") }}» (use selectattr, map(attribute=…) and items2dict, which say the same) at 3:14',
  ],
  ['{{ name | mandatory("say who") }}', 'undefined: say who at 3:17'],
]
for (const [text, gives] of messages) t.equal(shown(text, scope), gives, text)

t.test('a variable whose own template mentions something undefined counts as undefined', async t => {
  const env = templateEnv()
  const inner = compileTemplate('{{ gone }}', { file: 'group_vars/all.yml', line: 9, col: 6 }, env)
  const outer: Scope = { names: () => ['outer'], get: name => (name === 'outer' ? inner.evaluate(outer) : undefined) }
  t.equal(shown("{{ outer | default('d') }}", outer), "'d'")
  t.equal(shown('{{ outer is defined }}', outer), 'False')
  t.throws(
    () => compileTemplate('x {{ outer }}', place, env).evaluate(outer),
    {
      message: "'gone' is undefined in «{{ gone }}»",
      source: { file: 'group_vars/all.yml', line: 9, col: 9 },
      code: 'undefined',
    },
    'the error stands where the mistake is',
  )
})

t.test('any other error in a variable is not covered by default()', async t => {
  const broken: Scope = {
    names: () => [],
    get: () => {
      throw new ExpressionError('round and round', place, undefined, 'recursion')
    },
  }
  t.match(shown("{{ x | default('d') }}", broken), 'recursion: round and round')
})

t.test('what validate can know without running', async t => {
  const env = templateEnv()
  const { names, required, constant, problems } = compileExpression(
    "a + b.c and d or (e | default('x')) is string and f is defined and range(g)",
    place,
    env,
  )
  t.strictSame(names, ['a', 'b', 'd', 'e', 'f', 'g'])
  t.strictSame(required, ['a', 'b'])
  t.equal(constant, false)
  t.strictSame(problems, [])
  t.equal(compileTemplate('{{ 1 + 1 }}', undefined, env).constant, true)
  t.equal(compileTemplate("{{ lookup('env', 'HOME') }}", undefined, env).constant, false)
  t.equal(compileTemplate('{{ now() }}', undefined, env).constant, false)
  t.strictSame(
    compileTemplate('{% set x = a %}{% for y in b %}{{ x }}{{ y }}{{ loop.index }}{{ c }}{% endfor %}', undefined, env)
      .names,
    ['a', 'b', 'c'],
  )
  const [problem] = compileTemplate('{{ a | uper }}', place, env).problems
  t.match(problem, {
    message: "there is no filter 'uper'",
    hint: "did you mean 'upper'?",
    source: { line: 3, col: 14 },
  })
  t.equal(compileCondition(true, place, env).evaluate(scope), true)
})

t.test('a condition says what it is instead', async t => {
  const env = templateEnv()
  t.throws(() => compileCondition('list', place, env).evaluate(scope), {
    message: 'a condition must be true or false; this one is a list in «list»',
    hint: 'it would count as true: write … | length > 0',
  })
  t.throws(() => compileCondition('nothing', place, env).evaluate(scope), { message: /this one is None/ })
  t.throws(() => compileCondition('  ', place, env), { code: 'syntax', message: 'the condition is empty' })
})
