import type { Value } from '../../core/value.js'
import { OperationError } from '../../python/kinds.js'
import { formatPercent } from '../../python/percent-format.js'
import { parseIntText } from '../../python/text.js'
import type { Lookup } from '../contract.js'
import { asInt, asText } from '../values/convert.js'

/** Numbers as text, from terms such as `start=1 end=5 stride=2 format=host%02d`, `5` or `1-5/2:host%02d`. */
export const sequence: Lookup['run'] = (terms, named, { budget }) =>
  (terms.length === 0 ? [''] : terms).flatMap(term => {
    const given = new Map<string, Value>(named)
    const line = typeof term === 'string' ? term : String(asInt(term, 'the sequence'))
    const short = /^(?:(0?x?[0-9a-f]+)\s*-\s*)?(0?x?[0-9a-f]+)(?:\s*\/\s*(-?\w+))?(?::(.+))?$/i.exec(line.trim())
    if (short !== null) {
      for (const [index, name] of ['start', 'end', 'stride', 'format'].entries()) {
        const part = short[index + 1]
        if (part !== undefined) given.set(name, part)
      }
    } else for (const [, name = '', value = ''] of line.matchAll(/(\w+)=(\S+)/g)) given.set(name, value)
    const number = (name: string): number | undefined => {
      const value = given.get(name)
      return value === undefined
        ? undefined
        : typeof value === 'string'
          ? Number(parseIntText(value, 0))
          : asInt(value, name)
    }
    const start = number('start') ?? 1
    const count = number('count')
    const stride = number('stride') ?? 1
    const end = count === undefined ? number('end') : start + (count - 1) * stride
    if (end === undefined) throw new OperationError('a sequence needs an end or a count', 'lookup')
    if (count === 0) return []
    if (stride === 0 || (end - start) * stride < 0)
      throw new OperationError(`a sequence from ${start} to ${end} cannot go by ${stride}`, 'lookup')
    const length = Math.floor((end - start) / stride) + 1
    budget.grow(length * 16)
    const format = given.get('format')
    return Array.from({ length }, (_, index) => {
      const value = start + index * stride
      return format === undefined ? String(value) : formatPercent(asText(format, 'format'), value)
    })
  })
