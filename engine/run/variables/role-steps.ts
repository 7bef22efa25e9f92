import { resolve } from 'node:path'
import { shownPath } from '../../config/files/shown-path.js'
import { sourceInStack } from '../../config/stack-source.js'
import { constant, type Expr, ExpressionError } from '../../core/expr.js'
import { ConfigError, type Failure, TkplayError } from '../../core/failure.js'
import { isJsonObject, type Json } from '../../core/json.js'
import { optional } from '../../core/omit-undefined.js'
import type { Finding, Role, RoleBlock, RoleNode, RoleStep, View } from '../../core/role.js'
import { checkNode } from '../../core/role-shape.js'
import { formatSource, type Source } from '../../core/source.js'
import type { Node, RoleUse, Step } from '../../core/step.js'
import { findUnknown, Unknown } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { toJson } from '../../python/to-json.js'
import type { RunInput } from '../input.js'
import type { VariableScope } from './scope.js'

/** The steps of a TypeScript role for one host, in the same form as tasks of YAML. */
export interface Expanded {
  readonly body: readonly Node[]
  readonly handlers: readonly Step[]
  readonly findings: readonly Finding[]
}

/**
 * Computes the steps of a role. A parameter is the one written where the role is used, or else the host's variable of
 * this name, or else the default of the schema.
 * @returns an Unknown where a parameter is unknown
 * @throws ConfigError for parameters that do not match the schema
 */
export const expandRole = (input: RunInput, use: RoleUse, scope: VariableScope, view: View): Expanded | Unknown => {
  const role = use.role as unknown as Role<Json>
  const params = parametersOf(input, use, scope)
  if (params instanceof Unknown) return params
  const checked = input.checkParams(role.params, params, { module: role.name, source: use.source })
  const toNode = nodeMaker(use)
  try {
    return {
      body: listFrom('steps', role.steps(checked, view)).map((node, index) => toNode(node, String(index))),
      handlers: listFrom('handlers', role.handlers?.(checked, view) ?? []).map(
        (step, index) => toNode(step, `handler-${index}`) as Step,
      ),
      findings: listFrom('preflight', role.preflight?.(checked, view) ?? []),
    }
  } catch (error) {
    if (error instanceof TkplayError || error instanceof ExpressionError) throw error
    const position = sourceInRole(error, use)
    throw new ConfigError({
      message: `the role ${role.name} cannot compute its steps: ${error instanceof Error ? error.message : String(error)}`,
      source: position ?? use.source,
      hint:
        position === undefined
          ? 'correct what the role computes from its parameters and facts; report it if the role came with tkplay'
          : `correct what the role computes there; it is used at ${formatSource(use.source)}`,
    })
  }
}

const listFrom = <T>(what: string, list: readonly T[]): readonly T[] => {
  if (Array.isArray(list)) return list
  throw new Error(`${what} must return a list`)
}

const sourceInRole = (error: unknown, { inherits }: RoleUse): Source | undefined => {
  const { role } = inherits.origin
  const source = role === undefined ? undefined : sourceInStack(error, resolve(role.path))
  return source === undefined ? undefined : { ...source, file: shownPath(source.file) }
}

/** The errors of a role's preflight as one failure. */
export const findingsFailure = (errors: readonly Finding[]): Failure => ({
  kind: 'task-failed',
  message: errors
    .map(({ what, remedy, host }) => `${host === undefined ? '' : `${host}: `}${what}\n  → ${remedy}`)
    .join('\n'),
})

const parametersOf = (input: RunInput, use: RoleUse, scope: VariableScope): Json | Unknown => {
  const given: Layer = { ...use.given, rank: rank.roleParams }
  const own = scope.with(given)
  const properties = (use.role as unknown as Role<Json>).params['properties']
  const params: { [name: string]: Json } = {}
  for (const name of new Set([...Object.keys(isJsonObject(properties) ? properties : {}), ...given.bindings.keys()])) {
    if (!isJsonObject(properties) || (!(name in properties) && roleKeywords.has(name))) continue
    const value = own.get(name)
    if (value === undefined || value === input.templates.omit) continue
    const unknown = findUnknown(value)
    if (unknown !== undefined) return unknown
    params[name] = toJson(value, { secrets: 'reveal' })
  }
  return params
}

/** Keywords beside a role, which are not parameters. */
const roleKeywords = new Set([
  'role',
  'name',
  'when',
  'tags',
  'become',
  'become_user',
  'vars',
  'environment',
  'delegate_to',
])

const originOf = ({ role, inherits: { origin } }: RoleUse): Step['origin'] => ({
  ...origin,
  role: origin.role ?? { name: role.name, path: `roles/${role.name}`, parents: [] },
})

/** A step that represents a role whose steps are not known. */
export const allOf = (use: RoleUse): Step => ({
  ...use.inherits,
  name: constant('all its tasks'),
  module: 'import_role',
  origin: originOf(use),
})

const nodeMaker = (use: RoleUse) => {
  const { role, inherits } = use
  const origin = originOf(use)
  const toNode = (node: RoleNode, place: string): Node => {
    checkNode(node)
    return node.kind === 'role-step' ? toStep(node, place) : toBlock(node, place)
  }

  const toBlock = (block: RoleBlock, place: string): Node => ({
    kind: 'block',
    name: block.name,
    source: use.source,
    body: block.body.map((one, index) => toNode(one, `${place}.${index}`)),
    rescue: block.rescue.map((one, index) => toNode(one, `${place}.r${index}`)),
    always: block.always.map((one, index) => toNode(one, `${place}.a${index}`)),
  })

  const toStep = ({ name, module, params, options: o }: RoleStep, place: string): Step => ({
    ...inherits,
    kind: 'step',
    id: `${inherits.id}/${role.name}/${place}:${name}`,
    name: constant(name),
    source: use.source,
    origin,
    module,
    params,
    when: [...inherits.when, ...(o.when === undefined ? [] : [o.when])],
    notify: (o.notify ?? []).map(text => constant(text)),
    become: {
      ...inherits.become,
      ...(o.become === undefined ? {} : { become: constant(o.become) }),
      ...(o.becomeUser === undefined ? {} : { user: constant(o.becomeUser) }),
    },
    environment: [...inherits.environment, ...(o.environment === undefined ? [] : [constant(o.environment)])],
    tags: [...inherits.tags, ...(o.tags ?? [])],
    ...optional('register', o.register),
    ...optional('listen', o.listen),
    ...optional('delegateTo', asExpr(o.delegateTo)),
    ...optional('runOnce', asExpr(o.runOnce)),
    ...optional('throttle', asExpr(o.throttle)),
    ...optional('timeout', asExpr(o.timeout)),
    ...optional('noLog', asExpr(o.noLog)),
    ...optional('ignoreErrors', asExpr(o.ignoreErrors)),
    ...optional('changedWhen', o.changedWhen === undefined ? undefined : [constant(o.changedWhen)]),
    ...optional('until', untilOf(o.until)),
    ...optional('messages', role.messages),
  })
  return toNode
}

const untilOf = (until: RoleStep['options']['until']): Step['until'] =>
  until === undefined
    ? undefined
    : { conditions: [until.condition], retries: constant(until.retries), delay: constant(until.delay) }

const asExpr = (value: Json | undefined): Expr | undefined => (value === undefined ? undefined : constant(value))
