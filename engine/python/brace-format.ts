import type { Value } from '../core/value.js'
import { isInt, isNumber, Opaque, OperationError } from './kinds.js'
import { digitsOf } from './number-format.js'
import { repr, text } from './text.js'

const MAX_WIDTH = 1_000_000

/** Access to members of a value in a format string: `{host.name}`, `{list[0]}`. */
export interface Members {
  readonly attribute: (value: Value, name: string) => Value | undefined
  readonly item: (value: Value, key: Value) => Value | undefined
}

/** `'{} {name!r:>8}'.format(…)`. Source: Python's «Format String Syntax». @throws OperationError */
export const formatBraces = (
  template: string,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  { attribute, item }: Members,
): string => {
  let next = 0
  return template.replace(
    /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g,
    (whole: string, field?: string, conversion?: string, spec?: string) => {
      if (whole === '{{' || whole === '}}') return whole.charAt(0)
      if (field === undefined) throw new OperationError(`a single '${whole}' in the format string`)
      const resolve = (path: string): Value => lookUp(path === '' || /^[.[]/.test(path) ? `${next++}${path}` : path)
      const value = resolve(field)
      const nested = (spec ?? '').replace(/\{([^{}]*)\}/g, (_, inner: string) => text(resolve(inner)))
      return formatValue(conversion === undefined ? value : conversion === 's' ? text(value) : repr(value), nested)
    },
  )

  function lookUp(path: string): Value {
    const [first = '', ...steps] = path.split(/(?=[.[])/)
    const start = /^\d+$/.test(first) ? args[Number(first)] : named.get(first)
    if (start === undefined) throw new OperationError(`the format string names '${first}', which was not given`)
    let value: Value = start
    for (const step of steps) {
      const key = step.startsWith('.') ? step.slice(1) : step.slice(1, -1)
      const found: Value | undefined = step.startsWith('.')
        ? attribute(value, key)
        : item(value, /^\d+$/.test(key) ? Number(key) : key)
      if (found === undefined) throw new OperationError(`'${path}' in the format string: there is no '${key}'`)
      value = found
    }
    return value
  }
}

const specPattern = /^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su

/** Python's `format(value, spec)`. @throws OperationError */
export const formatValue = (value: Value, spec: string): string => {
  const inner = value as unknown
  if (inner instanceof Opaque && spec !== '') {
    const own = (inner as { format?: (spec: string) => string }).format
    if (own !== undefined) return own.call(inner, spec)
  }
  const match = specPattern.exec(spec)
  if (match === null) throw new OperationError(`the format specification '${spec}' is not valid`)
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type] = match
  if (Number(width ?? 0) > MAX_WIDTH || Number(precision ?? 0) > MAX_WIDTH)
    throw new OperationError('the width of a format is far too large', 'budget')
  const numeric = isNumber(value) && type !== 's' && !(typeof value === 'boolean' && type === undefined)
  const body = numeric
    ? number(value, { type, precision, alternate, grouping })
    : { sign: '', rest: precision === undefined ? text(value) : text(value).slice(0, Number(precision)) }
  const shownSign = body.sign === '-' ? '-' : numeric && (sign === '+' || sign === ' ') ? sign : ''
  const how = align ?? (zero === undefined ? (numeric ? '>' : '<') : '=')
  return padded(shownSign, body.rest, Number(width ?? 0), how, fill ?? (zero === undefined ? ' ' : '0'))
}

interface NumberSpec {
  readonly type: string | undefined
  readonly precision: string | undefined
  readonly alternate: string | undefined
  readonly grouping: string | undefined
}

const number = (value: Value, spec: NumberSpec): { readonly sign: string; readonly rest: string } => {
  const type = spec.type === 'n' ? undefined : spec.type
  if (type === 'c') return { sign: '', rest: String.fromCodePoint(Number(value)) }
  if (type === undefined && !isInt(value) && spec.precision === undefined) {
    const shown = text(value)
    return shown.startsWith('-') ? { sign: '-', rest: shown.slice(1) } : { sign: '', rest: shown }
  }
  const { negative, prefix, digits } = digitsOf(value, {
    type: type ?? (isInt(value) ? 'd' : 'g'),
    alternate: spec.alternate !== undefined,
    ...(spec.precision === undefined ? {} : { precision: Number(spec.precision) }),
    ...(spec.grouping === undefined ? {} : { grouping: spec.grouping as ',' | '_' }),
  })
  return { sign: negative ? '-' : '', rest: prefix + digits }
}

const padded = (sign: string, rest: string, width: number, align: string, fill: string): string => {
  const missing = Math.max(0, width - [...sign, ...rest].length)
  if (align === '=') return sign + fill.repeat(missing) + rest
  const before = align === '>' ? missing : align === '^' ? Math.floor(missing / 2) : 0
  return fill.repeat(before) + sign + rest + fill.repeat(missing - before)
}
