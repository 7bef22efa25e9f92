import type { Expr } from './expr.js'
import type { RoleBlock, RoleNode, RoleStep } from './role-nodes.js'

/** Checks at run time what a role returns, since roles run without type checks. @throws Error where a node is neither a step nor a block */
export const checkNode = (node: RoleNode): void => {
  const kind = isObject(node) ? node.kind : undefined
  if (kind === 'role-step') return checkStep(node as RoleStep)
  if (kind !== 'role-block')
    throw new Error(`${shown(node)} stands where a step belongs: make it by step(…) or block(…)`)
  for (const part of ['body', 'rescue', 'always'] as const) {
    const nodes: unknown = (node as RoleBlock)[part]
    if (!Array.isArray(nodes)) throw new Error(`${part} of a block must be a list of steps, not ${shown(nodes)}`)
  }
}

export const checkParams = (step: string, params: unknown): void => {
  if (params !== null && !isObject(params))
    throw new Error(`the parameters of the step '${step}' must be an object or an Expr, not ${shown(params)}`)
}

export const checkStep = ({ name, module, params, options }: RoleStep): void => {
  if (typeof name !== 'string') throw new Error(`the name of a step must be a text, not ${shown(name)}`)
  if (typeof module !== 'string')
    throw new Error(`the module of the step '${name}' must be a text, not ${shown(module)}`)
  if (!isExpr(params)) throw new Error(`the parameters of the step '${name}' must be an Expr: make it by step(…)`)
  if (!isObject(options)) throw new Error(`the options of the step '${name}' must be an object, not ${shown(options)}`)
  for (const [key, value] of Object.entries(options)) {
    const known = Object.hasOwn(shapes, key) ? shapes[key as keyof typeof shapes] : undefined
    if (known === undefined)
      throw new Error(`the step '${name}' has an unknown option '${key}': known are ${Object.keys(shapes).join(', ')}`)
    if (value !== undefined && !known.fits(value))
      throw new Error(`'${key}' of the step '${name}' must be ${known.what}, not ${shown(value)}`)
  }
}

interface Shape {
  readonly what: string
  fits(value: unknown): boolean
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isExpr = (value: unknown): value is Expr => isObject(value) && typeof value['evaluate'] === 'function'
const isText = (value: unknown): boolean => typeof value === 'string'

const text: Shape = { what: 'a text', fits: isText }
const texts: Shape = { what: 'a list of texts', fits: value => Array.isArray(value) && value.every(isText) }
const flag: Shape = { what: 'true or false', fits: value => typeof value === 'boolean' }
const number: Shape = { what: 'a number', fits: value => typeof value === 'number' }

const shapes: { readonly [option in keyof Required<RoleStep['options']>]: Shape } = {
  when: { what: 'an Expr: computed(names, fn)', fits: isExpr },
  register: text,
  notify: texts,
  delegateTo: text,
  runOnce: flag,
  become: flag,
  becomeUser: text,
  throttle: number,
  timeout: number,
  noLog: flag,
  ignoreErrors: flag,
  changedWhen: flag,
  until: {
    what: '{ condition, retries, delay }, of which the condition is an Expr',
    fits: value =>
      isObject(value) && isExpr(value['condition']) && number.fits(value['retries']) && number.fits(value['delay']),
  },
  environment: {
    what: 'an object of texts',
    fits: value => isObject(value) && Object.values(value).every(isText),
  },
  tags: texts,
  listen: texts,
}

const shown = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return `'${value}'`
  return isObject(value) ? 'an object' : typeof value === 'function' ? 'a function' : String(value)
}
