import t from 'tap'
import { uri } from '../../../../engine/modules/network/uri.js'

t.test('only what writes a file counts as a change, only a question changes nothing at all', async t => {
  const of = (params: { readonly method: string; readonly dest?: string }) => [
    uri.neverChanged?.(params as never),
    uri.changesNothing?.(params as never),
  ]
  t.strictSame(of({ method: 'GET' }), [true, true])
  t.strictSame(of({ method: 'HEAD' }), [true, true])
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) t.strictSame(of({ method }), [true, false], method)
  for (const method of ['GET', 'POST']) t.strictSame(of({ method, dest: '/x' }), [false, false], `${method} to a file`)
})
