import { Unknown, type Value } from '../../core/value.js'
import { asValue, Lenient, UnknownSignal } from '../../python/kinds.js'
import type { Exec, Flow, Locals } from '../contract.js'
import type { StatementOf } from '../syntax/nodes.js'
import { knownTruth } from '../values/compare.js'
import { Loop } from '../values/namespace.js'
import { items } from '../values/sequence.js'
import type { Context } from './context.js'
import { concat } from './output.js'
import { compileTarget } from './target.js'

export const compileFor = (node: StatementOf<'for'>, context: Context): Exec => {
  const of = context.expression(node.of)
  const assign = compileTarget(node.target)
  const [test, body, otherwise] = context.guarded(() => [
    node.test === undefined ? undefined : context.expression(node.test),
    context.body(node.body),
    context.body(node.otherwise),
  ])

  /** The items of the loop that its `if` does not leave out. */
  const selected = (locals: Locals, value: Value): readonly Value[] => {
    const all = items(value)
    if (all instanceof Unknown) throw new UnknownSignal(all)
    if (test === undefined) return all
    return all.filter(one => {
      locals.evaluation.budget.step()
      const inner = locals.inner()
      assign(inner, one)
      return knownTruth(test(inner))
    })
  }

  const runLoop = (locals: Locals, value: Value, out: Value[], depth: number): Flow => {
    locals.evaluation.at = node.at
    const list = selected(locals, value)
    if (list.length === 0) return (otherwise as Exec)(locals.inner(), out)
    const recurse = node.recursive ? recursion(locals, depth) : undefined
    const loop = new Loop(list, depth, recurse)
    for (const one of list) {
      locals.evaluation.budget.step()
      loop.index0++
      const inner = locals.inner()
      assign(inner, one)
      inner.set('loop', asValue(loop))
      if ((body as Exec)(inner, out) === 'break') break
    }
    return undefined
  }

  const recursion = (locals: Locals, depth: number): Lenient =>
    new Lenient('loop', ([value = null]) => {
      const out: Value[] = []
      runLoop(locals, value, out, depth + 1)
      return concat(out, locals.evaluation.budget) ?? ''
    })

  return (locals, out) => runLoop(locals, of(locals), out, 0)
}
