import t from 'tap'
import type { Node } from '../../../../engine/core/step.js'
import { Cursor } from '../../../../engine/run/timeline/cursor.js'
import { block, step as named } from '../harness/steps.js'

const step = (id: string) => named(id, 'debug', {})

/** The ids in the order in which they come; those in `failing` fail. */
const walk = (nodes: readonly Node[], failing: readonly string[] = []): readonly string[] => {
  const cursor = new Cursor(nodes, [0, 0])
  const ids: string[] = []
  for (let next = cursor.peek(); next !== undefined; next = cursor.peek()) {
    if (next.kind === 'raise') {
      ids.push('raise')
      if (cursor.fail(next.failure) === 'lost') return [...ids, 'lost']
      continue
    }
    if (next.kind === 'role') throw new Error('no roles here')
    ids.push(next.step.id)
    if (!failing.includes(next.step.id)) cursor.advance()
    else if (cursor.fail({ kind: 'interrupted' }) === 'lost') return [...ids, 'lost']
  }
  return ids
}

const cases: readonly {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly failing?: readonly string[]
  readonly ids: readonly string[]
}[] = [
  { name: 'a list', nodes: [step('a'), step('b')], ids: ['a', 'b'] },
  { name: 'an empty block', nodes: [block([]), step('b')], ids: ['b'] },
  {
    name: 'always after a good body',
    nodes: [block([step('a')], [step('r')], [step('z')]), step('b')],
    ids: ['a', 'z', 'b'],
  },
  {
    name: 'rescue, always, and on',
    nodes: [block([step('a'), step('x')], [step('r')], [step('z')]), step('b')],
    failing: ['a'],
    ids: ['a', 'r', 'z', 'b'],
  },
  {
    name: 'always, then the failure goes on',
    nodes: [block([step('a')], [], [step('z')]), step('b')],
    failing: ['a'],
    ids: ['a', 'z', 'raise', 'lost'],
  },
  {
    name: 'a failing rescue still has its always',
    nodes: [block([step('a')], [step('r')], [step('z')])],
    failing: ['a', 'r'],
    ids: ['a', 'r', 'z', 'raise', 'lost'],
  },
  {
    name: 'the outer block rescues what the inner raises',
    nodes: [block([block([step('a')], [], [step('z')])], [step('r')]), step('b')],
    failing: ['a'],
    ids: ['a', 'z', 'raise', 'r', 'b'],
  },
  {
    name: 'a failing always is lost',
    nodes: [block([step('a')], [], [step('z')])],
    failing: ['z'],
    ids: ['a', 'z', 'lost'],
  },
]

for (const { name, nodes, failing, ids } of cases) {
  t.test(name, async t => t.strictSame(walk(nodes, failing), ids))
}

t.test('a copy moves on its own', async t => {
  const cursor = new Cursor([step('a'), step('b')], [0])
  const ahead = cursor.copy()
  ahead.peek()
  ahead.advance()
  const here = cursor.peek()
  t.equal(here?.kind === 'step' ? here.step.id : '', 'a')
})

t.test('what is entered replaces the step and comes under its path', async t => {
  const cursor = new Cursor([step('include'), step('b')], [1, 0])
  cursor.peek()
  cursor.enter([step('x'), step('y')])
  const first = cursor.peek()
  t.match(first, { kind: 'step', path: [1, 0, 0, 0] })
  cursor.advance()
  t.match(cursor.peek(), { kind: 'step', path: [1, 0, 0, 1] })
  cursor.advance()
  t.match(cursor.peek(), { kind: 'step', path: [1, 0, 1] })
})

t.test('paths only grow, through rescue and always too', async t => {
  const cursor = new Cursor([block([step('a')], [step('r')], [step('z')])], [0, 0])
  t.match(cursor.peek(), { path: [0, 0, 0, 0, 0] })
  cursor.fail({ kind: 'interrupted' })
  t.match(cursor.peek(), { path: [0, 0, 0, 1, 0] })
  cursor.advance()
  t.match(cursor.peek(), { path: [0, 0, 0, 2, 0] })
})

t.test('end_role leaves the role, not the play', async t => {
  const cursor = new Cursor([step('role'), step('after')], [0])
  cursor.peek()
  cursor.enter([step('one'), step('two')], { role: 'web' })
  cursor.peek()
  t.ok(cursor.endRole())
  t.match(cursor.peek(), { kind: 'step', step: { id: 'after' } })
  t.notOk(cursor.endRole())
})
