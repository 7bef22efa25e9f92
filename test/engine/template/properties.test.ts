import fc from 'fast-check'
import t from 'tap'
import { ExpressionError } from '../../../engine/core/expr.js'
import { fromJson, type Value } from '../../../engine/core/value.js'
import { floatText } from '../../../engine/python/number-text.js'
import { repr } from '../../../engine/python/text.js'
import { parseJson } from '../../../engine/template/filters/json.js'
import { compileCondition, compileFile, compileTemplate, templateEnv } from '../../../engine/template/index.js'
import { evaluate, variables } from '../../support/evaluate.js'

const env = templateEnv({ budget: { steps: 10_000, bytes: 1 << 20 } })
const scope = variables({ a: 1, b: 'text', c: [1, 'x'], d: { e: null } })

/** Text that looks like templates, so that it gets further than the lexer. */
const pieces = [
  ...[
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    '#}',
    '-',
    '+',
    ' ',
    '\n',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '.',
    '|',
    '~',
    '=',
    '==',
    '*',
    '**',
  ],
  ...[
    'a',
    'b',
    'c',
    'd.e',
    'missing',
    '1',
    '2.5',
    "'s'",
    '"',
    "'",
    '\\',
    'if',
    'else',
    'elif',
    'endif',
    'for',
    'in',
    'endfor',
    'is',
    'not',
  ],
  ...[
    'and',
    'or',
    'set',
    'endset',
    'macro',
    'endmacro',
    'm',
    'call',
    'endcall',
    'raw',
    'endraw',
    'defined',
    'upper',
    'default',
    'filter',
  ],
  ...[
    'endfilter',
    'with',
    'endwith',
    'do',
    'include',
    'import',
    'as',
    'recursive',
    'range',
    'loop',
    'lookup',
    'true',
    'none',
    '%',
    '//',
    '<',
  ],
]
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map(all => all.join(' '))
const anything = fc.oneof(
  soup,
  soup.map(text => `{{ ${text} }}`),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

/** Nothing but an ExpressionError may come out. */
const only = (run: () => unknown): void => {
  try {
    run()
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
  }
}

t.test('whatever is written, the only error is ours', async () => {
  fc.assert(
    fc.property(anything, text => {
      only(() => compileTemplate(text, undefined, env).evaluate(scope))
      only(() => compileCondition(text, undefined, env).evaluate(scope))
      only(() => compileFile(text, 'x.j2', { lstripBlocks: true }, env).evaluate(scope))
    }),
    { numRuns: 3_000 },
  )
})

t.test('text without delimiters is itself', async t => {
  const text = fc.string({ unit: 'binary' }).filter(one => !/\{[{%#]/.test(one))
  fc.assert(fc.property(text, one => evaluate(one, scope) === one))
  t.pass()
})

t.test('a string in quotes is itself, whatever is in it', async t => {
  const quoted = (one: string): string =>
    `'${one.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\r', '\\r')}'`
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), one => {
      const compiled = compileCondition(`x == ${quoted(one)}`, undefined, env)
      return compiled.evaluate(variables({ x: one })) === true
    }),
  )
  t.pass()
})

t.test('repr() of JSON without words is read back by the template language', async t => {
  const json = fc.jsonValue({ maxDepth: 3 }).filter(one => !/e[-+]|[\\\x7f-\uffff]/.test(JSON.stringify(one)))
  fc.assert(
    fc.property(json, one => {
      const value = fromJson(JSON.parse(JSON.stringify(one)))
      return repr(evaluate(`{{ ${repr(value)} }}`.replaceAll('{{ {{', '{{ { {'), scope)) === repr(value)
    }),
  )
  t.pass()
})

t.test('floats are written so that they read back the same', async t => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), one => Object.is(Number(floatText(one)), one)),
  )
  t.pass()
})

t.test('JSON goes through to_json and from_json unchanged', async t => {
  fc.assert(
    fc.property(fc.jsonValue(), one => {
      const value = parseJson(JSON.stringify(one))
      const again = evaluate('{{ x | to_json | from_json }}', { get: () => value, names: () => ['x'] })
      return repr(again) === repr(value)
    }),
  )
  t.pass()
})

t.test('base64 goes there and back', async t => {
  const text = fc.string({ unit: 'grapheme' })
  fc.assert(fc.property(text, x => evaluate('{{ x | b64encode | b64decode }}', variables({ x })) === x))
  t.pass()
})

t.test('a sorted list is in order and has the same items', async t => {
  fc.assert(
    fc.property(fc.array(fc.integer()), x => {
      const sorted = evaluate('{{ x | sort }}', variables({ x })) as readonly Value[]
      return JSON.stringify(sorted) === JSON.stringify(x.toSorted((a, b) => a - b))
    }),
  )
  t.pass()
})
