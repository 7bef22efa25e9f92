import { Bytes, Float, isDict, Secret, Unsafe, type Value } from '../../core/value.js'
import { floatText, numberText } from '../../python/number-text.js'

/** Words for what a value is, in messages. */
export const kindOf = (value: Value): string => {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (isDict(value)) return 'a dict'
  if (typeof value === 'string' || value instanceof Unsafe) return `'${textIn(value)}'`
  if (typeof value !== 'object' || value instanceof Float) return textOfScalar(value)
  if (value instanceof Secret) return 'a secret'
  return value instanceof Bytes ? 'bytes' : 'an object'
}

/** A scalar as messages write it. */
export const textOfScalar = (value: Exclude<Value, null>): string => {
  if (typeof value === 'number') return numberText(value)
  return value instanceof Float ? floatText(value.value) : String(value)
}

const textIn = (value: string | Unsafe): string => {
  const text = value instanceof Unsafe ? value.text : value
  return text.length > 40 ? `${text.slice(0, 37)}…` : text
}
