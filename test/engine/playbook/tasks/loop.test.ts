import t from 'tap'
import { ownSteps, tasks, value } from '../load.js'

t.test('loops', async t => {
  const loop = async (yaml: string) => ownSteps(await tasks(t, `- ping:\n  ${yaml}`))[0]?.loop
  t.match(await loop('loop: [1, "{{ a }}"]'), { kind: 'list', variable: 'item' })
  t.same(value((await loop('loop: [1, "{{ a }}"]'))?.items, { a: 2 }), [1, 2])
  const all = await loop(
    'loop: "{{ l }}"\n  loop_control: {loop_var: x, index_var: i, label: "{{ x.n }}", pause: 2, extended: true}',
  )
  t.match(all, { variable: 'x', indexVariable: 'i', extended: true })
  t.equal(value(all?.label, { x: new Map([['n', 7]]) }), 7)
  t.match(await loop('with_items: [1]'), { kind: 'items' })
  t.match(await loop('with_dict: "{{ d }}"'), { kind: 'dict' })
  const sequence = await loop('with_sequence: start=1 end=3')
  t.match(sequence, { kind: 'sequence' })
  t.same(value(sequence?.items), ['1', '2', '3'])
  t.same(value((await loop('with_flattened: [[1, [2]], 3]'))?.items), [1, 2, 3], 'any other name is a lookup')
})
