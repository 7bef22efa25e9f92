import { importsOf } from './imports.js'
import { root, sources } from './project.js'

/** Files that import one another in a circle, types included; each circle is sorted by name. */
export const circles = (base = root): readonly (readonly string[])[] =>
  circlesIn(
    new Map(
      sources(base).map(file => [
        file,
        importsOf(file, base).flatMap(({ kind, target }) => (kind === 'source' ? [target] : [])),
      ]),
    ),
  )

/** Strongly connected components of more than one file (Tarjan, 1972). */
export const circlesIn = (graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] => {
  const found: string[][] = []
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const visit = (file: string): void => {
    const mine = order.size
    order.set(file, mine)
    lowest.set(file, mine)
    stack.push(file)
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file) ?? mine, lowest.get(next) ?? mine))
    }
    if (lowest.get(file) !== mine) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1) found.push(circle.sort())
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return found
}
