import type { Failure } from '../../core/failure.js'
import type { AnyModule } from '../../core/module.js'
import type { Node, Step } from '../../core/step.js'
import { Unknown } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { type RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import { type EvaluatedStep, evaluateStep } from '../step/evaluate.js'
import { observeAll, seenBy } from '../step/observe.js'
import { lookAhead } from '../step/read-ahead.js'
import { recoverPreviousRun } from '../step/recover.js'
import type { Stage } from '../timeline/play-run.js'
import { allHold } from '../variables/conditions.js'
import { type Expanded, findingsFailure } from '../variables/role-steps.js'

/** The refusal of a step, or of a whole role, on one host. */
export interface Refusal {
  readonly step: Step
  readonly failure: Failure
}

interface Found {
  readonly refusals: Refusal[]
  /** Steps whose module may refuse before the run changes anything. */
  readonly steps: { readonly step: Step; readonly stage: Stage }[]
}

/** Modules that change variables or bring tasks: steps after them are checked when their play begins. */
const bringVariables = new Set(['set_fact', 'include_vars', 'include_tasks', 'include_role'])
/** Marks an expansion as early, so that the role is expanded again at its turn. */
const early: Layer = {
  rank: rank.registered,
  name: 'ahead',
  bindings: new Map([['', { value: null, data: true }]]),
  ahead: true,
}

/** The refusals in a host's coming plays, as far as they can be known now. Each stage is checked once. */
export const refusalsOf = async (run: RunContext, host: Host, asked: WeakSet<Stage>): Promise<readonly Refusal[]> => {
  const found: Found = { refusals: [], steps: [] }
  const { stages, stage: here } = host.timeline
  for (const stage of stages.slice(here === undefined ? stages.length : stages.indexOf(here))) {
    if (!collect(run, host, stage, stage.state.nodes, asked.has(stage) ? undefined : found)) break
    asked.add(stage)
  }
  return [...found.refusals, ...(await observedRefusals(run, host, found.steps))]
}

/** @returns whether the steps that follow can be checked now */
const collect = (
  run: RunContext,
  host: Host,
  stage: Stage,
  nodes: readonly Node[],
  found: Found | undefined,
): boolean => {
  for (const node of nodes) {
    if (node.kind === 'block') {
      if (!collect(run, host, stage, node.body, found)) return false
      continue
    }
    if (node.kind === 'role') {
      const expanded = expandedFor(run, host, stage, node)
      if (expanded === undefined) continue
      const errors = expanded.findings.filter(({ level }) => level === 'error')
      if (errors.length > 0) found?.refusals.push({ step: node.inherits, failure: findingsFailure(errors) })
      if (!collect(run, host, stage, expanded.body, found)) return false
      continue
    }
    if (!run.input.selects(node.tags)) continue
    const module = run.input.modules.get(node.module)
    if (bringVariables.has(node.module) || module?.startsOver === true) return false
    if (module?.refusesFirst !== undefined && node.loop === undefined) found?.steps.push({ step: node, stage })
  }
  return true
}

/** Undefined where the role is not for this host, or cannot be expanded before its turn. */
const expandedFor = (
  run: RunContext,
  host: Host,
  stage: Stage,
  use: Parameters<RunContext['roles']['expand']>[0],
): Expanded | undefined => {
  try {
    const scope = run.variables.scope(host.name, { play: stage.hosts, step: use.inherits })
    if (!run.input.selects(use.inherits.tags) || allHold(use.inherits.when, scope).holds !== true) return undefined
    const expanded = run.roles.expand(use, host, stage.hosts, [early])
    return expanded instanceof Unknown ? undefined : expanded
  } catch {
    return undefined
  }
}

/** Sends all reads in one round trip, together with the host's first window. */
const observedRefusals = async (run: RunContext, host: Host, steps: Found['steps']): Promise<readonly Refusal[]> => {
  const looks: { readonly evaluated: EvaluatedStep; readonly step: Step }[] = []
  for (const { step, stage } of steps) {
    const evaluated = await readyAt(run, host, step, stage)
    if (evaluated !== undefined) looks.push({ evaluated, step })
  }
  const [first] = looks
  if (first === undefined) return []
  try {
    await recoverPreviousRun({ run, host }, first.evaluated)
    const ahead = await lookAhead(run, host, host.timeline, host.window)
    await observeAll([...looks.map(({ evaluated }) => evaluated), ...ahead])
  } catch {
    return []
  }
  const refusals = await Promise.all(looks.map(({ evaluated, step }) => refusalBy(evaluated, step)))
  return refusals.filter(one => one !== undefined)
}

const readyAt = async (run: RunContext, host: Host, step: Step, stage: Stage): Promise<EvaluatedStep | undefined> => {
  try {
    const context = new StepContext({ run, host, stage, path: stage.path, handler: false }, step)
    const evaluated = await evaluateStep(context, false)
    return evaluated.kind === 'ready' && evaluated.whenUnknown === undefined ? evaluated : undefined
  } catch {
    return undefined
  }
}

/** The refusal of a step. Read errors are left to the step's own turn. */
const refusalBy = async (evaluated: EvaluatedStep, step: Step): Promise<Refusal | undefined> => {
  const { module }: { readonly module: AnyModule } = evaluated
  try {
    const plan = module.plan(evaluated.params, await seenBy(evaluated), evaluated.facts)
    if (!('refused' in plan) || module.refusesFirst?.includes(plan.refused) !== true) return undefined
    const messages = step.messages ?? module.messages
    return {
      step: messages === undefined ? step : { ...step, messages },
      failure: { kind: 'refused', code: plan.refused, data: plan.data },
    }
  } catch {
    return undefined
  }
}
