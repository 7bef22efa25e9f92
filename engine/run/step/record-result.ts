import type { Step } from '../../core/step.js'
import { findUnknown, isDict, toJson, type Value } from '../../core/value.js'
import { ownerOfFacts } from '../control/index.js'
import { noteUse } from '../dry-run/role-uses.js'
import { notified } from '../handlers/handled.js'
import type { Host } from '../host.js'
import type { Place } from './place.js'
import type { StepResult } from './result.js'

/** Counts, registers, learns facts, notes who is notified. */
export const remember = (place: Place, one: Step, { status, value, result, name }: StepResult): void => {
  const { run, host, stage } = place
  count(host, status, result)
  if (one.register !== undefined) host.register(one.register, value)
  learn(place, one, value)
  if (status !== 'skipped') noteUse(place, one, result.waitsFor)
  const names = result.notified ?? []
  if (names.length === 0) return
  if (status === 'unknown') {
    for (const handler of names) host.perhapsNotified.add(handler)
    return
  }
  notified(run, host, stage, names)
  for (const handler of names) run.emit({ kind: 'handler-notified', host: host.name, handler, by: name })
}

const count = (
  host: Host,
  status: StepResult['status'],
  { notIdempotent, executedInCheck, onlyInRun }: StepResult['result'],
): void => {
  const { counts } = host
  if (status === 'would-change') counts.wouldChange++
  else counts[status]++
  if (notIdempotent === true) counts.notIdempotent++
  if (executedInCheck === true) counts.executedInCheck++
  if (onlyInRun === true && status === 'ok') counts.onlyInRun++
}

/** Facts that a module brings (`setup`, `service_facts`) are the host's own from here on. */
const learn = ({ run, host, stage }: Place, one: Step, value: Value): void => {
  const facts = isDict(value) ? value.get('ansible_facts') : undefined
  if (one.module === 'set_fact' || !isDict(facts) || findUnknown(facts) !== undefined) return
  const plain = toJson(facts) as { readonly [name: string]: ReturnType<typeof toJson> }
  const named = Object.entries(plain).map(([name, fact]) => [name.replace(/^ansible_/, ''), fact])
  const owner = ownerOfFacts(host.name, one, run.variables.scope(host.name, { play: stage.hosts, step: one }))
  run.learnFacts(owner, { ...run.factsOf(owner), ...Object.fromEntries(named) })
  run.gate.poke()
}
