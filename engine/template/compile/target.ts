import { Unknown, type Value } from '../../core/value.js'
import { aType, isList, OperationError, rejectUndefined, UnknownSignal } from '../../python/kinds.js'
import type { Locals } from '../contract.js'
import type { Target } from '../syntax/nodes.js'
import { Namespace } from '../values/namespace.js'

/** Assigns a value to a name, to several names (a tuple), or to an attribute of a namespace. */
export const compileTarget = (target: Target): ((locals: Locals, value: Value) => void) => {
  if (target.kind === 'name') return (locals, value) => locals.set(target.name, value)
  if (target.kind === 'tuple') {
    const parts = target.items.map(compileTarget)
    return (locals, value) => unpack(locals, value, parts)
  }
  return (locals, value) => {
    const space = locals.get(target.name) as unknown
    if (!(space instanceof Namespace)) {
      throw new OperationError(
        `'${target.name}' is not a namespace`,
        'type',
        `{% set ${target.name} = namespace() %} comes first`,
      )
    }
    space.set(target.attribute, value)
  }
}

const unpack = (locals: Locals, value: Value, parts: readonly ((locals: Locals, value: Value) => void)[]): void => {
  if (value instanceof Unknown) throw new UnknownSignal(value)
  rejectUndefined(value)
  const list = value instanceof Map ? [...value.keys()] : typeof value === 'string' ? [...value] : value
  if (!isList(list as Value))
    throw new OperationError(`${aType(value)} cannot be taken apart into ${parts.length} names`)
  const all = list as readonly Value[]
  if (all.length !== parts.length) throw new OperationError(`there are ${all.length} values for ${parts.length} names`)
  for (const [index, part] of parts.entries()) part(locals, all[index] ?? null)
}
