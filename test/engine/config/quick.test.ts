import fc from 'fast-check'
import t from 'tap'
import { ajvJudge } from '../../../engine/config/schema/ajv.js'
import { quickJudge } from '../../../engine/config/schema/quick.js'
import { isJsonObject, type Json, type JsonSchema } from '../../../engine/core/json.js'
import { modules } from '../../../engine/modules/index.js'

const schema: JsonSchema = {
  type: 'object',
  additionalProperties: { type: 'integer' },
  propertyNames: { maxLength: 9, pattern: '^[^!]' },
  required: ['a'],
  dependentRequired: { b: ['c'] },
  minProperties: 2,
  properties: {
    a: { type: ['string', 'null'], minLength: 1, maxLength: 3, pattern: '^[a-z😀]*$' },
    b: { type: 'array', items: { $ref: '#/$defs/small' }, minItems: 1, maxItems: 2 },
    c: {
      oneOf: [
        { type: 'integer', minimum: 2 },
        { type: 'number', maximum: 3 },
      ],
    },
    d: { enum: [1, 'x', [1], { y: 2 }] },
    e: { type: 'string', format: 'mode' },
    f: true,
  },
  $defs: { small: { type: 'number', minimum: 0, maximum: 9, not: { const: 5 } } },
  allOf: [
    {
      if: { type: 'object', required: ['d'] },
      then: { type: 'object', required: ['e'] },
      else: { not: { type: 'object', required: ['e'] } },
    },
  ],
}

const choices: { readonly [name: string]: { readonly good: readonly Json[]; readonly bad: readonly Json[] } } = {
  a: { good: ['a', 'abc', '😀😀😀', null], bad: ['', 'abcd', 1, 'A'] },
  b: { good: [[0], [9, 0.5]], bad: [[], [5], [10], ['x'], [1, 2, 3], 'x'] },
  c: { good: [1, 2.5, 4], bad: [2, 3, 3.5, 'x'] },
  d: { good: [1, 'x', [1], { y: 2 }], bad: [[2], { y: 3 }] },
  e: { good: ['0644'], bad: ['x', 1] },
  f: { good: [null, 1], bad: [] },
  g: { good: [1], bad: [1.5, 'x'] },
  '!g': { good: [], bad: [1] },
}

/** Mostly right, with at most one value from the wrong ones. */
const values = fc
  .tuple(
    fc.record(
      Object.fromEntries(
        Object.entries(choices).flatMap(([name, { good }]) =>
          good.length === 0 ? [] : [[name, fc.constantFrom(...good)]],
        ),
      ),
      {
        requiredKeys: [],
      },
    ),
    fc.option(
      fc.constantFrom(...Object.entries(choices).flatMap(([name, { bad }]) => bad.map(value => ({ [name]: value })))),
    ),
  )
  .map(([right, wrong]) => ({ ...right, ...wrong }) as Json)

t.test('the quick judge says what ajv says', async t => {
  const quick = quickJudge(schema)
  const ajv = ajvJudge(schema)
  let fits = 0
  fc.assert(
    fc.property(values, value => {
      const wanted = ajv(value)
      if (wanted) fits++
      t.equal(quick?.(value), wanted, JSON.stringify(value))
    }),
    { numRuns: 1000 },
  )
  t.ok(fits > 10, 'and both say yes often enough for it to mean something')
})

t.test('a keyword that is not known is left to ajv', async t => {
  t.equal(quickJudge({ type: 'object', patternProperties: { '^a': { type: 'string' } } }), undefined)
  t.equal(quickJudge({ type: 'string', format: 'none' }), undefined)
})

t.test("every module's schema is one to both, and they agree on it", async t => {
  for (const { name, params } of modules) {
    const quick = quickJudge(params)
    const ajv = ajvJudge(params)
    t.ok(quick !== undefined, name)
    const properties = isJsonObject(params['properties']) ? params['properties'] : {}
    const scalar = fc.constantFrom<Json>('x', '', 1, -1, true, null, ['x'], {}, 'present', '/x', '0644')
    const given = fc.record(
      Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, fc.oneof(scalar, ...ofEnum(one))])),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(given, value => quick?.(value as Json) === ajv(value)),
      { numRuns: 30 },
    )
  }
})

const ofEnum = (schema: Json): readonly fc.Arbitrary<Json>[] =>
  isJsonObject(schema) && Array.isArray(schema['enum']) ? [fc.constantFrom(...schema['enum'])] : []
