import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ValidateFunction } from 'ajv'
import fc from 'fast-check'
import t from 'tap'
import { formats } from '../../../engine/config/schema/formats.js'
import { digestOf, validatorOf } from '../../../engine/config/schema/validator.js'
import { isJsonObject, type Json, type JsonSchema } from '../../../engine/core/json.js'
import { root } from '../../../scripts/lib/project.js'
import { ownSchemas, validators } from '../../../scripts/lib/validators.js'

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

const require = createRequire(import.meta.url)

/** The generated validators of some schemas, loaded. */
const generated = (schemas: readonly JsonSchema[]): readonly ValidateFunction[] => {
  const code = validators(schemas, './formats.js')
  return schemas.map(schema => {
    const module: { exports?: ValidateFunction } = {}
    const required = (name: string): unknown => (name === './formats.js' ? { formats } : require(name))
    new Function('module', 'exports', 'require', code.get(digestOf(schema)) ?? '')(module, {}, required)
    return module.exports as ValidateFunction
  })
}

const answer = (validate: ValidateFunction, value: Json) => ({ fits: validate(value), errors: validate.errors })

t.test('a generated validator says what ajv says, its errors included', async t => {
  const [validate] = generated([schema]) as [ValidateFunction]
  const ajv = validatorOf(schema)
  let fits = 0
  fc.assert(
    fc.property(values, value => {
      const wanted = answer(ajv, value)
      if (wanted.fits) fits++
      t.strictSame(answer(validate, value), wanted, JSON.stringify(value))
    }),
    { numRuns: 1000 },
  )
  t.ok(fits > 10, 'and both say yes often enough for it to mean something')
})

t.test('so do those of all schemas that come with tkplay', async t => {
  const schemas = await ownSchemas()
  const validates = generated(schemas)
  for (const [at, params] of schemas.entries()) {
    const validate = validates[at] as ValidateFunction
    const ajv = validatorOf(params)
    const properties = isJsonObject(params['properties']) ? params['properties'] : {}
    const scalar = fc.constantFrom<Json>('x', '', 1, -1, true, null, ['x'], {}, 'present', '/x', '0644')
    const given = fc.record(
      Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, fc.oneof(scalar, ...ofEnum(one))])),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(given, value => {
        t.strictSame(answer(validate, value as Json), answer(ajv, value as Json))
      }),
      { numRuns: 30 },
    )
  }
})

t.test('the bundle has one for each of these schemas', async t => {
  const program = readFileSync(join(root, 'dist/bundle/program.cjs'), 'latin1')
  const missing = (await ownSchemas()).filter(one => !program.includes(`"validator:${digestOf(one)}"`))
  t.same(missing, [])
})

const ofEnum = (schema: Json): readonly fc.Arbitrary<Json>[] =>
  isJsonObject(schema) && Array.isArray(schema['enum']) ? [fc.constantFrom(...schema['enum'])] : []
