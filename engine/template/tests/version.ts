import type { Value } from '../../core/value.js'
import { OperationError } from '../../python/kinds.js'
import { text } from '../../python/text.js'
import { versionOrders } from '../../python/version-order.js'
import type { TestTable } from '../contract.js'
import { test } from '../plugin.js'
import { truth } from '../values/compare.js'

const operators: ReadonlyMap<string, (order: number) => boolean> = new Map(
  [
    ['== = eq', (order: number) => order === 0] as const,
    ['!= <> ne', (order: number) => order !== 0] as const,
    ['< lt', (order: number) => order < 0] as const,
    ['<= le', (order: number) => order <= 0] as const,
    ['> gt', (order: number) => order > 0] as const,
    ['>= ge', (order: number) => order >= 0] as const,
  ].flatMap(([names, holds]) => names.split(' ').map(name => [name, holds] as const)),
)

const versionText = (value: Value, what: string): string => {
  const version = text(value)
  if (value === null || version === '') throw new OperationError(`${what} is empty`)
  return version
}

const version = test('version operator="eq" strict=null version_type=null', (value, [
  other = '',
  operator = 'eq',
  isStrict = null,
  type = null,
]) => {
  if (isStrict !== null && type !== null) throw new OperationError('version takes strict or version_type, not both')
  const name = truth(isStrict) === true ? 'strict' : type === null ? 'loose' : text(type)
  const scheme = versionOrders.get(name)
  if (scheme === undefined)
    throw new OperationError(
      `there is no version_type '${name}'`,
      'type',
      `it is ${[...versionOrders.keys()].join(', ')}`,
    )
  const holds = operators.get(text(operator))
  if (holds === undefined)
    throw new OperationError(
      `version does not know the operator '${text(operator)}'`,
      'type',
      `it knows ${[...operators.keys()].join(' ')}`,
    )
  return holds(scheme(versionText(value, 'the version'), versionText(other, 'the version to compare with')))
})

export const versions: TestTable = { version, version_compare: version }
