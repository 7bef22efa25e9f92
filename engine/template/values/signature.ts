import { didYouMean } from '../../config/did-you-mean.js'
import type { Value } from '../../core/value.js'
import { OperationError } from '../../python/kinds.js'

interface Parameter {
  readonly kind: 'usual' | 'named-only' | 'rest' | 'keywords'
  readonly name: string
  /** The default; undefined where an argument must be given. */
  readonly initial: Value | undefined
}

interface Shape {
  readonly parameters: readonly Parameter[]
  readonly usual: readonly Parameter[]
  readonly takesMore: boolean
  readonly takesNames: boolean
}

/** The parameters of a filter, a test, a function or a method. */
export interface Signature {
  /** The arguments in the order of the parameters: `*more` becomes a list and `**named` a dict. @throws OperationError */
  bind(args: readonly Value[], named: ReadonlyMap<string, Value>, what: string): readonly Value[]
}

/**
 * Reads parameters from a line such as `width=80 end="…" *more **named`. Defaults are JSON. Parameters after `*more` can only be given by
 * name.
 */
export const signature = (line: string): Signature => {
  const words = line.match(/[^\s"=]+(?:=(?:"(?:[^"\\]|\\.)*"|\S+))?/g) ?? []
  let kind: Parameter['kind'] = 'usual'
  const parameters = words.map((word): Parameter => {
    if (word.startsWith('**')) return { kind: 'keywords', name: word, initial: undefined }
    if (word.startsWith('*')) {
      kind = 'named-only'
      return { kind: 'rest', name: word, initial: undefined }
    }
    const [, name = word, initial] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    return { kind, name, initial: initial === undefined ? undefined : (JSON.parse(initial) as Value) }
  })
  const usual = parameters.filter(each => each.kind === 'usual')
  const shape: Shape = {
    parameters,
    usual,
    takesMore: parameters.some(each => each.kind === 'rest'),
    takesNames: parameters.some(each => each.kind === 'keywords'),
  }
  return { bind: (args, named, what) => bind(shape, args, named, what) }
}

const bind = (
  { parameters, usual, takesMore, takesNames }: Shape,
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
  what: string,
): readonly Value[] => {
  if (args.length > usual.length && !takesMore) {
    const most = usual.length === 0 ? 'no arguments' : `at most ${usual.length} (${names(usual)})`
    throw new OperationError(`${what} takes ${most}; ${args.length} were given`)
  }
  const bound = parameters.map((parameter, index): Value => {
    if (parameter.kind === 'rest') return args.slice(usual.length)
    if (parameter.kind === 'keywords') return others(named, parameters)
    return one(parameter, parameter.kind === 'usual' ? args[index] : undefined, named, what)
  })
  if (named.size > 0 && !takesNames) rejectUnknownNames(named, parameters, what)
  return bound
}

const one = (
  { name, initial }: Parameter,
  placed: Value | undefined,
  named: ReadonlyMap<string, Value>,
  what: string,
): Value => {
  const byName = named.size === 0 ? undefined : named.get(name)
  if (placed !== undefined && byName !== undefined) throw new OperationError(`${what} was given '${name}' twice`)
  const value = placed === undefined ? (byName === undefined ? initial : byName) : placed
  if (value === undefined) throw new OperationError(`${what} needs '${name}'`)
  return value
}

const others = (named: ReadonlyMap<string, Value>, parameters: readonly Parameter[]): Value =>
  new Map([...named].filter(([name]) => !parameters.some(one => one.name === name)))

const rejectUnknownNames = (
  named: ReadonlyMap<string, Value>,
  parameters: readonly Parameter[],
  what: string,
): void => {
  const known = parameters.filter(each => each.kind !== 'rest').map(each => each.name)
  const name = [...named.keys()].find(each => !known.includes(each))
  if (name === undefined) return
  const takes = known.length === 0 ? 'it takes none' : `it takes: ${known.join(', ')}`
  throw new OperationError(`${what} has no argument '${name}' (${takes})`, 'type', didYouMean(name, known))
}

const names = (parameters: readonly Parameter[]): string => parameters.map(each => each.name).join(', ')
