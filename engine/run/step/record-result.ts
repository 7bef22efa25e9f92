import { findUnknown, isDict, type Value } from '../../core/value.js'
import { toJson } from '../../python/to-json.js'
import type { StepContext } from '../context.js'
import { ownerOfFacts } from '../control/index.js'
import { noteUse } from '../dry-run/role-uses.js'
import { handlersOf, meantIn } from '../handlers/handlers.js'
import type { StepResult } from './result.js'

/** Records a result: counts it, registers it, learns facts, notifies handlers. */
export const recordResult = (context: StepContext, { status, value, result, name }: StepResult): void => {
  const { run, host, stage, step } = context
  host.state.count(status, result)
  if (step.register !== undefined) host.register(step.register, value)
  learn(context, value)
  if (status !== 'skipped') noteUse(context, result.waitsFor)
  const names = result.notified ?? []
  if (names.length === 0) return
  if (status === 'unknown') {
    host.handlers.perhapsNotify(names)
    return
  }
  host.handlers.notify(names, handlersOf(stage), meantIn(run, host, stage))
  for (const handler of names) run.emit({ kind: 'handler-notified', host: host.name, handler, by: name })
}

/** Learns the facts in the result of a module (`setup`, `service_facts`). */
const learn = (context: StepContext, value: Value): void => {
  const { run, step } = context
  const facts = isDict(value) ? value.get('ansible_facts') : undefined
  if (step.module === 'set_fact' || !isDict(facts) || findUnknown(facts) !== undefined) return
  const plain = toJson(facts) as { readonly [name: string]: ReturnType<typeof toJson> }
  const named = Object.entries(plain).map(([name, fact]) => [name.replace(/^ansible_/, ''), fact])
  const owner = ownerOfFacts(context)
  run.learnFacts(owner, { ...run.factsOf(owner), ...Object.fromEntries(named) })
  run.effectOrder.recheck()
}

/**
 * Records the result of a run_once step that ran on another host: it is counted there, and registered here, with the
 * facts that it set.
 */
export const recordShared = ({ host, step }: StepContext, { value }: StepResult): void => {
  if (step.register !== undefined) host.register(step.register, value)
  const facts = step.module === 'set_fact' && isDict(value) ? value.get('ansible_facts') : undefined
  if (isDict(facts)) for (const [name, fact] of facts) host.register(String(name), fact)
}
