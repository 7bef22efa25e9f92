import type { Parameter, Statement, Target } from '../syntax/nodes.js'

/** All names that a template sets itself, in any of its blocks. */
export const localNames = (body: readonly Statement[]): ReadonlySet<string> => {
  const found = new Set<string>()
  for (const statement of body) collect(statement, found)
  return found
}

const collect = (statement: Statement, found: Set<string>): void => {
  const inside = (body: readonly Statement[]): void => {
    for (const one of body) collect(one, found)
  }
  const parameters = (list: readonly Parameter[]): void => {
    for (const { name } of list) found.add(name)
    for (const name of ['varargs', 'kwargs', 'caller']) found.add(name)
  }
  switch (statement.kind) {
    case 'for':
      found.add('loop')
      fromTarget(statement.target, found)
      inside(statement.body)
      inside(statement.otherwise)
      break
    case 'if':
      for (const { body } of statement.branches) inside(body)
      inside(statement.otherwise)
      break
    case 'set':
      fromTarget(statement.target, found)
      break
    case 'set-block':
      fromTarget(statement.target, found)
      inside(statement.body)
      break
    case 'macro':
      found.add(statement.name)
      parameters(statement.parameters)
      inside(statement.body)
      break
    case 'call-block':
      parameters(statement.parameters)
      inside(statement.body)
      break
    case 'with':
      for (const { target } of statement.values) fromTarget(target, found)
      inside(statement.body)
      break
    case 'filter-block':
    case 'block':
      inside(statement.body)
      break
    case 'import':
      found.add(statement.as)
      break
    case 'from':
      for (const { as } of statement.names) found.add(as)
      break
    default:
      break
  }
}

const fromTarget = (target: Target, found: Set<string>): void => {
  if (target.kind === 'tuple') for (const one of target.items) fromTarget(one, found)
  else found.add(target.name)
}
