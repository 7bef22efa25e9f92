import t from 'tap'
import type { Json } from '../../../../engine/core/json.js'
import { modules } from '../../../../engine/modules/index.js'
import { secretParams } from '../../../../engine/run/step/secret-params.js'

const paramsOf = (name: string) => modules.find(module => module.name === name)?.params ?? {}

t.test('the values at the places that a schema calls secret', async t => {
  const rows: readonly (readonly [module: string, params: Json, secrets: readonly Json[] | undefined])[] = [
    ['user', { name: 'ci', password: 'hunter2' }, ['hunter2']],
    ['user', { name: 'ci' }, []],
    ['uri', { url: 'http://r/', url_username: 'ci', url_password: 'hunter2' }, ['hunter2']],
    [
      'containerd_config',
      { credentials: { a: { username: 'ci', password: 'hunter2' }, b: { username: 'ci', password: 'hunter3' } } },
      ['hunter2', 'hunter3'],
    ],
    ['containerd_config', {}, []],
    ['copy', { content: 'hunter2' }, undefined],
  ]
  for (const [name, params, wanted] of rows) t.strictSame(secretParams(paramsOf(name))?.(params), wanted, name)
})

t.test('in lists and alternatives too', async t => {
  const secret = { type: 'string', secret: true }
  const schema = {
    allOf: [{ properties: { a: secret } }],
    properties: { some: { type: 'array', items: { oneOf: [{ type: 'null' }, { properties: { b: secret } }] } } },
    additionalProperties: { properties: { c: secret } },
  }
  const places = secretParams(schema)
  t.strictSame(places?.({ a: '1', some: [null, { b: '2' }, { c: 'no' }], more: { c: '3', b: 'no' } }), ['2', '3', '1'])
  t.strictSame(places?.('no object'), [])
})
