import { checkParams, nowhere } from '../../../engine/config/schema/check-params.js'
import type { StepEnded } from '../../../engine/core/event.js'
import { isJsonObject, type JsonObject } from '../../../engine/core/json.js'
import type { AnyModule } from '../../../engine/core/module.js'
import { modules } from '../../../engine/modules/index.js'
import type { Writes } from '../../../engine/run/dry-run/path-overlap.js'
import type { CheckParams } from '../../../engine/run/input.js'
import { fakeHosts } from '../../engine/run/harness/fake-hosts.js'
import { play, step } from '../../engine/run/harness/steps.js'
import type { Model } from './model.js'

/** A task: a module, and its parameters as a playbook gives them. */
export interface Task {
  readonly module: string
  readonly params: JsonObject
}

export interface Outcome {
  readonly steps: readonly StepEnded[]
  /** What each task said, while it was looked at, that it may write; of those that were asked. */
  readonly writes: ReadonlyMap<number, Writes>
}

/** Carries out tasks on the model by the engine, over a shell of the model: as a run does it, or a dry run. */
export const carryOut = async (model: Model, tasks: readonly Task[], check: boolean): Promise<Outcome> => {
  const writes = new Map<number, Writes>()
  const known = tasks.map(({ module }, index) => {
    const found = modules.find(one => one.name === module)
    if (found === undefined) throw new Error(`no module ${module}`)
    return [`${module} ${index}`, overheard(found, said => writes.set(index, said))] as const
  })
  const steps = known.map(([name], index) => step(name, name, tasks[index]?.params ?? {}))
  const engine = fakeHosts(['model'])
  await engine.run([play(steps)], {
    transport: model.transport,
    modules: new Map(known),
    checkParams: checked,
    check,
    recoverFirst: false,
  })
  return { steps: engine.events.filter(event => event.kind === 'step-ended'), writes }
}

/** The module, with a witness to what it says that it writes. */
const overheard = (module: AnyModule, hear: (said: Writes) => void): AnyModule => {
  const { writes } = module
  if (typeof writes !== 'function') {
    hear(writes)
    return module
  }
  return {
    ...module,
    writes: (params, seen) => {
      const said = writes(params, seen)
      hear(said)
      return said
    },
  }
}

const checked: CheckParams = (schema, params, { module, source }) =>
  checkParams(schema, isJsonObject(params) ? params : {}, nowhere(source), { of: module, literal: false }).value
