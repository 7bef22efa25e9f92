import { PartDict, Secret, Unknown, Unsafe, type Value } from '../../core/value.js'
import {
  aType,
  isInt,
  isList,
  Opaque,
  OperationError,
  rejectUndefined,
  Tuple,
  Undefined,
  UnknownSignal,
} from '../../python/kinds.js'

/** A text's characters as Python counts them: code points. */
export const characters = (value: string): readonly string[] => (hasSurrogates(value) ? [...value] : value.split(''))

export const hasSurrogates = (value: string): boolean => /[\ud800-\udfff]/.test(value)

export const textLength = (value: string): number => {
  if (!hasSurrogates(value)) return value.length
  let length = 0
  for (const _ of value) length++
  return length
}

/**
 * What a loop iterates over: a list's items, a text's characters, a dict's keys. The items of a secret are secrets; for an unknown, the
 * unknown is returned. @throws OperationError for a value that cannot be iterated
 */
export const items = (value: Value): readonly Value[] | Unknown => {
  if (Array.isArray(value)) return value as readonly Value[]
  if (value instanceof Unknown) return value
  if (value instanceof PartDict) return value.rest
  if (value instanceof Map) return [...value.keys()]
  if (typeof value === 'string') return characters(value)
  if (value instanceof Unsafe) return characters(value.text)
  if (value instanceof Secret) {
    const inside = items(value.reveal())
    return inside instanceof Unknown ? inside : inside.map(one => new Secret(one))
  }
  rejectUndefined(value)
  const inner = value as unknown
  if (inner instanceof Undefined) return []
  const own = inner instanceof Opaque ? (inner as { items?: () => readonly Value[] }).items?.() : undefined
  if (own !== undefined) return own
  throw new OperationError(`${aType(value)} cannot be looped over`, 'type', 'a list, a dict or text can')
}

/** As `items`, where the caller cannot go on without knowing them. @throws UnknownSignal, OperationError */
export const knownItems = (value: Value): readonly Value[] => {
  const list = items(value)
  if (list instanceof Unknown) throw new UnknownSignal(list)
  return list
}

/** `[start:stop:step]` on a list or a text, as Python clamps. @throws OperationError */
export const slice = (value: Value, start: Value, stop: Value, step: Value): Value => {
  if (typeof value !== 'string' && !isList(value)) throw new OperationError(`${aType(value)} cannot be sliced`)
  const list: readonly Value[] = typeof value === 'string' ? characters(value) : value
  const by = bound(step) ?? 1
  if (by === 0) throw new OperationError('a slice cannot have a step of 0')
  const length = list.length
  const clamp = (at: number | undefined, whenAbsent: number): number => {
    if (at === undefined) return whenAbsent
    const from = at < 0 ? at + length : at
    return by > 0 ? Math.min(Math.max(from, 0), length) : Math.min(Math.max(from, -1), length - 1)
  }
  const from = clamp(bound(start), by > 0 ? 0 : length - 1)
  const to = clamp(bound(stop), by > 0 ? length : -1)
  const picked: Value[] = []
  for (let at = from; by > 0 ? at < to : at > to; at += by) picked.push(list[at] ?? null)
  if (typeof value === 'string') return picked.join('')
  return value instanceof Tuple ? Tuple.of2(...picked) : picked
}

const bound = (value: Value): number | undefined => {
  if (value === null) return undefined
  if (isInt(value)) return Number(value)
  throw new OperationError(`a slice goes from int to int, not ${aType(value)}`)
}
