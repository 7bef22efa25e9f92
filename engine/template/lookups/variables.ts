import { OperationError } from '../../python/kinds.js'
import type { Lookup } from '../contract.js'
import { asText } from '../values/convert.js'
import { compilePattern, withinTimeLimit } from '../values/patterns.js'

/** The values of variables by name. */
export const vars: Lookup['run'] = (terms, named, { scope }) =>
  terms.map(term => {
    const name = asText(term, 'the name of a variable')
    const bound = scope.get(name)
    const found = bound === undefined ? named.get('default') : bound
    if (found === undefined) throw new OperationError(`there is no variable '${name}'`, 'undefined')
    return found
  })

/** The names of variables that match a pattern. */
export const varnames: Lookup['run'] = (terms, _, { scope, budget }) => {
  budget.step(100)
  const patterns = terms.map(term => compilePattern(asText(term, 'the pattern')))
  const names = [...new Set(scope.names())]
  const found = patterns.flatMap(pattern =>
    withinTimeLimit(pattern, names, () => names.filter(name => name.search(pattern) !== -1)),
  )
  return [...new Set(found)].sort()
}
