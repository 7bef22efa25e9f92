import { Unknown, type Value } from '../../core/value.js'
import { asValue, Lenient, UnknownSignal } from '../../python/kinds.js'
import type { Exec, Flow } from '../program.js'
import { Frame } from '../runtime/evaluation.js'
import type { Statement } from '../syntax/nodes.js'
import { truth } from '../values/compare.js'
import { Loop } from '../values/namespace.js'
import { items } from '../values/sequence.js'
import type { Context } from './context.js'
import { compileExpressionNode } from './expression.js'
import { concat } from './output.js'
import { compileBody, compileTarget, decide } from './statement.js'

type For = Extract<Statement, { kind: 'for' }>

export const compileFor = (node: For, context: Context): Exec => {
  const of = compileExpressionNode(node.of, context)
  const assign = compileTarget(node.target)
  const [test, body, otherwise] = context.guarded(() => [
    node.test === undefined ? undefined : compileExpressionNode(node.test, context),
    compileBody(node.body, context),
    compileBody(node.otherwise, context),
  ])

  /** What the loop goes through: without those that its `if` leaves out. */
  const chosen = (frame: Frame, value: Value): readonly Value[] => {
    const all = items(value)
    if (all instanceof Unknown) throw new UnknownSignal(all)
    if (test === undefined) return all
    return all.filter(one => {
      frame.run.budget.step()
      const inner = new Frame(frame.run, frame)
      assign(inner, one)
      return decide(truth(test(inner)))
    })
  }

  const go = (frame: Frame, value: Value, out: Value[], depth: number): Flow => {
    frame.run.at = node.at
    const list = chosen(frame, value)
    if (list.length === 0) return (otherwise as Exec)(new Frame(frame.run, frame), out)
    const again = node.recursive ? recursion(frame, depth) : undefined
    const loop = new Loop(list, depth, again)
    for (const one of list) {
      frame.run.budget.step()
      loop.index0++
      const inner = new Frame(frame.run, frame)
      assign(inner, one)
      inner.set('loop', asValue(loop))
      if ((body as Exec)(inner, out) === 'break') break
    }
    return undefined
  }

  const recursion = (frame: Frame, depth: number): Lenient =>
    new Lenient('loop', ([value = null]) => {
      const out: Value[] = []
      go(frame, value, out, depth + 1)
      return concat(out, frame.run.budget) ?? ''
    })

  return (frame, out) => go(frame, of(frame), out, 0)
}
