import { ExpressionError } from '../../core/expr.js'
import type { Loop, Step } from '../../core/step.js'
import { type Dict, isDict, Unknown, type Value } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { allHold } from './conditions.js'
import { dataLayer, type VariableScope } from './scope.js'

/** One item of a loop, and its variables. */
export interface Item {
  readonly layer: Layer
  readonly value: Value
}

/**
 * The items of a step's loop. Undefined where it has no loop, and where the items cannot be evaluated but `when` is
 * false without them: the step is then skipped as a whole.
 */
export const itemsOf = (step: Step, scope: VariableScope): readonly Item[] | Unknown | undefined => {
  const { loop } = step
  if (loop === undefined) return undefined
  try {
    return listed(loop, scope)
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const holds = withoutItems(step, scope)
    if (holds === true) throw error
    return holds === false ? undefined : holds
  }
}

/** The value of `when` without an item; true where it needs one. */
const withoutItems = (step: Step, scope: VariableScope): boolean | Unknown => {
  try {
    return allHold(step.when, scope).holds
  } catch (error) {
    if (error instanceof ExpressionError) return true
    throw error
  }
}

const listed = (loop: Loop, scope: VariableScope): readonly Item[] | Unknown => {
  const value = loop.items.evaluate(scope)
  if (value instanceof Unknown) return value
  const list = spread(loop, value)
  if (list instanceof Unknown) return list
  return list.map((one, index) => ({ value: one, layer: itemLayer(loop, list, one, index) }))
}

const itemLayer = (loop: Loop, list: readonly Value[], value: Value, index: number): Layer =>
  dataLayer(rank.loop, 'loop', [
    [loop.variable, value],
    ['ansible_loop_var', loop.variable],
    ...(loop.indexVariable === undefined
      ? []
      : [[loop.indexVariable, index] as const, ['ansible_index_var', loop.indexVariable] as const]),
    ...(loop.extended === true ? [['ansible_loop', extended(list, index)] as const] : []),
  ])

const extended = (list: readonly Value[], index: number): Dict =>
  new Map<string, Value>([
    ['allitems', list],
    ['index', index + 1],
    ['index0', index],
    ['revindex', list.length - index],
    ['revindex0', list.length - index - 1],
    ['first', index === 0],
    ['last', index === list.length - 1],
    ['length', list.length],
    ...(index > 0 ? [['previtem', list[index - 1] ?? null] as const] : []),
    ...(index < list.length - 1 ? [['nextitem', list[index + 1] ?? null] as const] : []),
  ])

const spread = (loop: Loop, value: Value): readonly Value[] | Unknown => {
  switch (loop.kind) {
    case 'list':
      return asList(loop, value)
    case 'items':
      return flattenOnce(asLoose(value))
    case 'indexed_items':
      return flattenOnce(asLoose(value)).map((one, index) => [index, one])
    case 'dict':
      return asLoose(value).flatMap(one => pairsOf(loop, one))
    case 'together':
      return together(asList(loop, value).map(asLoose))
    case 'nested':
      return asList(loop, value)
        .map(asLoose)
        .reduce<Value[][]>((all, list) => all.flatMap(one => list.map(next => [...one, next])), [[]])
    case 'sequence':
    case 'subelements':
    case 'fileglob':
    case 'first_found':
      return asLoose(value)
  }
}

const pairsOf = (loop: Loop, value: Value): readonly Value[] => {
  if (!isDict(value)) throw wrong(loop, 'with_dict needs a dict')
  return [...value].map(
    ([key, one]) =>
      new Map<string, Value>([
        ['key', key],
        ['value', one],
      ]),
  )
}

const asList = (loop: Loop, value: Value): readonly Value[] => {
  if (Array.isArray(value)) return value
  throw wrong(loop, `loop needs a list, not ${isDict(value) ? "a dict: use '| dict2items'" : JSON.stringify(value)}`)
}

const asLoose = (value: Value): readonly Value[] => (Array.isArray(value) ? value : [value])
const flattenOnce = (list: readonly Value[]): readonly Value[] =>
  list.flatMap(one => (Array.isArray(one) ? (one as readonly Value[]) : [one]))

const together = (lists: readonly (readonly Value[])[]): readonly Value[] => {
  const longest = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length: longest }, (_, index) => lists.map(list => list[index] ?? null))
}

const wrong = (loop: Loop, message: string): ExpressionError => new ExpressionError(message, loop.items.source)
