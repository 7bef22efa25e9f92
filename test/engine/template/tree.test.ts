import t from 'tap'
import type { Scope } from '../../../engine/core/expr.js'
import type { Source } from '../../../engine/core/source.js'
import { type Dict, fromJson, isDict, type Key, Unknown, Unsafe, type Value } from '../../../engine/core/value.js'
import { compileTemplate, compileTree, compileVariable, omit, templateEnv } from '../../../engine/template/index.js'
import { show, variables } from '../../support/evaluate.js'

const scope = variables({ name: 'ann', n: 5, none: null }, { u: new Unknown('x') })
const env = templateEnv()
const tree = (value: Value): Value => compileTree(value, env).evaluate(scope)

t.test('every string inside is rendered', async t => {
  const params = fromJson({
    a: '{{ n }}',
    b: ['x{{ n }}', { c: '{{ name }}' }],
    d: 1,
    e: null,
    f: 'plain',
    '{{ name }}': true,
  })
  t.equal(show(tree(params)), "{'a': 5, 'b': ['x5', {'c': 'ann'}], 'd': 1, 'e': None, 'f': 'plain', 'ann': True}")
  t.equal(show(tree('{{ n }}')), '5')
  t.equal(show(tree(new Map<Key, Value>([['raw', new Unsafe('{{ n }}')]]))), "{'raw': '{{ n }}'}")
  t.equal(show(tree(5)), '5')
})

t.test('omit takes away its key or item', async t => {
  const params = fromJson({
    a: '{{ omit }}',
    b: '{{ gone | default(omit) }}',
    c: ['{{ omit }}', 1],
    d: { e: '{{ omit }}' },
    f: '{{ none | default(omit, true) }}',
  })
  t.equal(show(tree(params)), "{'c': [1], 'd': {}}")
  t.equal(compileTemplate('{{ gone | default(omit) }}', undefined, env).evaluate(scope), omit)
})

t.test('unknown parts stay where they are', async t => {
  const value = tree(fromJson({ a: '{{ u }}', b: 1 }))
  t.ok(isDict(value) && value.get('a') instanceof Unknown && value.get('b') === 1)
})

t.test('what is undefined in a parameter is an error with its place', async t => {
  const places = new Map<Key, Source>([['b', { file: 'play.yml', line: 12, col: 8 }]])
  const located = templateEnv({ locate: (_: readonly Value[] | Dict, key: Key) => places.get(key) })
  t.throws(() => compileTree(fromJson({ a: 1, b: '{{ gone }}' }), located).evaluate(scope), {
    code: 'undefined',
    source: { file: 'play.yml', line: 12, col: 11 },
  })
})

t.test('a variable is rendered where it is used', async t => {
  const lazily = (value: Value, name: string): Scope => {
    const compiled = compileVariable(value, env)
    const made: Value[] = []
    const scope: Scope = {
      names: () => [name],
      get: asked => {
        if (asked !== name) return undefined
        if (made.length === 0) made.push(compiled.evaluate(scope))
        return made[0]
      },
    }
    return scope
  }
  const scope = lazily(
    fromJson({
      good: 'x{{ 1 + 1 }}',
      bad: '{{ gone }}',
      list: ['{{ gone }}', '{{ 2 }}'],
      deep: { a: { b: '{{ 3 }}' } },
    }),
    'foo',
  )
  const given = (text: string): string => show(compileTemplate(text, undefined, env).evaluate(scope))
  t.equal(given('{{ foo.good }}'), "'x2'")
  t.equal(given('{{ foo.bad | default(1) }}'), '1')
  t.equal(given('{{ foo.bad is defined }}'), 'False')
  t.equal(given('{{ foo.list[1] }}'), '2')
  t.equal(given('{{ foo.list | select("defined") | list }}'), '[2]')
  t.equal(given('{{ foo.deep }}'), "{'a': {'b': 3}}")
  t.equal(given('{{ foo | length }}'), '4')
  t.equal(given('{{ "bad" in foo }}'), 'True')
  t.equal(given('{{ foo.keys() }}'), "['good', 'bad', 'list', 'deep']")
  t.throws(() => given('{{ foo }}'), { code: 'undefined', message: /'gone' is undefined/ })
  t.throws(() => given('{{ foo.list }}'), { code: 'undefined' })
  t.throws(() => given('{{ foo | to_json }}'), { code: 'undefined' })

  const circle = lazily(fromJson({ a: '{{ foo.b }}', b: '{{ foo.a }}' }), 'foo')
  t.throws(
    () => compileTemplate('{{ foo.a }}', undefined, env).evaluate(circle),
    { code: 'recursion' },
    'a circle ends',
  )
})

t.test('what validate can know of a tree', async t => {
  const compiled = compileTree(fromJson({ a: '{{ x }}', b: ["{{ y | default('') }}", '{{ z | uper }}'] }), env)
  t.strictSame(compiled.names, ['x', 'y', 'z'])
  t.strictSame(compiled.required, ['x', 'z'])
  t.equal(compiled.constant, false)
  t.equal(compiled.problems.length, 1)
  t.equal(compileTree(fromJson({ a: [1, 'x'] }), env).constant, true)
})
