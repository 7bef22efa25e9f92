import { becomeMethod } from '../../core/connection-options.js'
import { type Expr, ExpressionError } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import type { AnyModule, Facts, ModuleKind, Probe, RunAs } from '../../core/module.js'
import { optional } from '../../core/omit-undefined.js'
import type { Source } from '../../core/source.js'
import type { Step } from '../../core/step.js'
import { findUnknown, hasSecret, isDict, Unknown, type Value } from '../../core/value.js'
import { toJson } from '../../python/to-json.js'
import type { StepContext } from '../context.js'
import type { RunInput } from '../input.js'
import { connectionWord } from '../machine/connection-vars.js'
import { controllerFor, UnknownTemplate } from '../machine/controller.js'
import type { Machine } from '../machine/machine.js'
import type { PlannedRead } from '../machine/observations.js'
import { connectionNames } from '../machine/target.js'
import { allHold, asText, flag, saysYes, textOf } from '../variables/conditions.js'
import { DelegateVars } from '../variables/delegate-vars.js'
import type { VariableScope } from '../variables/scope.js'
import { readsOf } from './probe.js'
import { secretsIn, urlPasswords } from './redact.js'
import { secretParams } from './secret-params.js'
import { timeLimit } from './time-limit.js'

/** The evaluation of one step, on one host, for one item. */
export type Evaluated = Skipped | Deferred | Control | EvaluatedStep

export interface Skipped {
  readonly kind: 'skipped'
  readonly reason: string
}

/** The step depends on something unknown. */
export interface Deferred {
  readonly kind: 'unknown'
  readonly waitsFor: string
}

/** A control step, which needs no host: set_fact, debug and the like. */
export interface Control {
  readonly kind: 'control'
  readonly name: string
  readonly params: Value
  readonly whenUnknown: Unknown | undefined
}

export interface ReadAt {
  readonly machine: Machine
  readonly planned: PlannedRead
}

export interface EvaluatedStep {
  readonly kind: 'ready'
  readonly module: AnyModule
  readonly moduleKind: ModuleKind
  readonly params: Json
  /** Texts that must not be shown. */
  readonly secrets: readonly string[]
  readonly machine: Machine
  readonly as: RunAs
  readonly env: { readonly [name: string]: string }
  readonly facts: Facts
  readonly probe: Probe<unknown>
  readonly reads: readonly ReadAt[]
  /** ms; the time limit of its reads, and of each apply. */
  readonly limit: number | undefined
  /** Set where `when` is unknown (read ahead, dry run): the step may be skipped. */
  readonly whenUnknown: Unknown | undefined
  readonly checkMode: boolean
}

/**
 * Evaluates `when`, host, user and parameters, and makes the module's probe.
 * @param waits whether the read of a `wait` module may wait on the host
 * @throws ExpressionError, ConfigError
 */
export const evaluateStep = async (context: StepContext, waits: boolean): Promise<Evaluated> => {
  try {
    return await evaluated(context, context.scope(), waits)
  } catch (error) {
    if (error instanceof UnknownTemplate) return deferred(error.unknown)
    throw error
  }
}

const evaluated = async (context: StepContext, scope: VariableScope, waits: boolean): Promise<Evaluated> => {
  const { run, host, step } = context
  const when = allHold(step.when, scope)
  if (when.holds === false) return { kind: 'skipped', reason: when.failed?.text ?? 'when is false' }
  const whenUnknown = when.holds instanceof Unknown ? when.holds : undefined
  const params = step.params.evaluate(scope)
  if (run.controls.has(step.module)) return { kind: 'control', name: step.module, params, whenUnknown }

  const module = run.input.modules.get(step.module)
  if (module === undefined)
    throw new ConfigError({ message: `there is no module '${step.module}'`, source: step.source })
  const delegate = textOf(step.delegateTo, scope)
  const env = environment(step.environment, scope)
  const as = delegate instanceof Unknown ? delegate : runAs(step, scope, executingScope(scope, delegate))
  const login = connectionOf(step, scope)
  const unknownOption = scope.connectionLayers.length === 0 ? undefined : unknownConnection(scope)
  const unknown = findUnknown(params)
  if (unknown !== undefined) return deferred(unknown)
  if (delegate instanceof Unknown) return deferred(delegate)
  if (env instanceof Unknown) return deferred(env)
  if (as instanceof Unknown) return deferred(as)
  if (login instanceof Unknown) return deferred(login)
  if (unknownOption !== undefined) return deferred(unknownOption)

  const checked = run.input.checkParams(module.params, toJson(params, { secrets: 'reveal' }), {
    module: module.name,
    source: step.source,
  })
  const written = secretParams(module.params)?.(checked) ?? []
  const ready = (await module.prepare?.(checked, controllerFor(run.input, step, scope))) ?? checked
  const moduleKind = typeof module.kind === 'function' ? module.kind(ready) : module.kind
  const machine = run.machines.get(delegate ?? host.name, { ...login, over: scope.connectionLayers })
  const facts = machine.facts ?? {}
  const probe = module.probe(ready, facts) as Probe<unknown>
  const limit = timeLimit(step, scope)
  const readEnv = moduleKind === 'wait' ? { ...env, TKPLAY_WAIT: waits ? '1' : '0' } : env
  return {
    kind: 'ready',
    module,
    moduleKind,
    params: ready,
    secrets: secretsOfStep(params, checked, written),
    machine,
    as,
    env,
    facts,
    probe,
    reads: readsOf(probe).map(read => ({
      machine: read.on === undefined ? machine : run.pick(read.on, scope.connectionLayers),
      planned: { read, as: read.as ?? as, env: readEnv, ...optional('limit', limit) },
    })),
    limit,
    whenUnknown,
    checkMode: isDry(run.input, step, scope),
  }
}

/** The texts of a step that must not be shown: secret values, secret parameters, and passwords in URLs. */
const secretsOfStep = (params: Value, checked: Json, written: readonly Json[]): readonly string[] => {
  const ofUrls = urlPasswords(checked)
  return written.length > 0 || ofUrls.length > 0 || hasSecret(params) ? secretsIn(params, [...written, ...ofUrls]) : []
}

/** Whether the step is only predicted: in a dry run, unless its `check_mode` says otherwise. */
export const isDry = ({ check }: Pick<RunInput, 'check'>, step: Step, scope: VariableScope): boolean =>
  step.checkMode === undefined ? check : flag(step.checkMode, scope)

const deferred = ({ waitsFor }: Unknown): Deferred => ({ kind: 'unknown', waitsFor })

type Env = { readonly [name: string]: string }

/** The environment of a step; the dicts are merged from the outside in. */
const environment = (exprs: readonly Expr[], scope: VariableScope): Env | Unknown => {
  const env: { [name: string]: string } = {}
  for (const expr of exprs) {
    const value = expr.evaluate(scope)
    if (value === null || value === '') continue
    const unknown = findUnknown(value)
    if (unknown !== undefined) return unknown
    if (!isDict(value))
      throw new ExpressionError('environment is not a dict', expr.source, 'write NAME: value below it')
    const plain = toJson(value, { secrets: 'reveal' }) as { readonly [name: string]: Json }
    for (const [name, one] of Object.entries(plain)) env[name] = one === null ? '' : String(one)
  }
  return env
}

/** The connection variables of the host that executes the step. */
const executingScope = (scope: VariableScope, delegate: string | undefined): VariableScope => {
  const all = delegate === undefined ? undefined : scope.get('ansible_delegated_vars')
  const there = isDict(all) ? all.get(delegate ?? '') : undefined
  return there instanceof DelegateVars ? there.scope : scope
}

const unknownConnection = (scope: VariableScope): Unknown | undefined =>
  connectionNames(scope.connectionLayers)
    .map(name => scope.get(name))
    .find(value => value instanceof Unknown)

const runAs = (step: Step, scope: VariableScope, executing: VariableScope): RunAs | Unknown => {
  const { become, user, method, flags } = step.become
  const word = (name: string, keyword: Expr | undefined) => connectionWord(name, keyword, scope, executing)
  const wanted = word('become', become)
  if (wanted instanceof Unknown) return wanted
  if (!saysYes(wanted)) return 'login'
  const name = asText(word('become_user', user)) ?? 'root'
  const how = methodOf(asText(word('become_method', method)) ?? 'sudo', method?.source)
  const words = asText(word('become_flags', flags))
  if (name instanceof Unknown) return name
  if (how instanceof Unknown) return how
  if (words instanceof Unknown) return words
  if (name === 'root' && words === undefined && how === 'sudo') return 'root'
  return {
    user: name,
    ...(how === 'su' ? { method: how } : {}),
    ...(words === undefined ? {} : { flags: words }),
  }
}

const methodOf = (word: string | Unknown, source: Source | undefined): 'sudo' | 'su' | Unknown => {
  const method = word instanceof Unknown ? word : becomeMethod(word)
  if (method !== undefined) return method
  throw new ExpressionError(`become_method '${String(word)}' is not offered`, source, 'use sudo or su')
}

const connectionOf = (
  step: Step,
  scope: VariableScope,
): { readonly connection?: string; readonly remoteUser?: string } | Unknown => {
  const connection = textOf(step.connection, scope)
  const remoteUser = textOf(step.remoteUser, scope)
  if (connection instanceof Unknown) return connection
  if (remoteUser instanceof Unknown) return remoteUser
  return {
    ...(connection === undefined ? {} : { connection }),
    ...(remoteUser === undefined ? {} : { remoteUser }),
  }
}
