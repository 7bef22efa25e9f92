import { ExpressionError } from '../../core/expr.js'
import type { Step } from '../../core/step.js'
import { sleep } from '../../core/timer.js'
import { type Dict, Secret, type Value } from '../../core/value.js'
import { floatText } from '../../python/number-text.js'
import type { StepContext } from '../context.js'
import { Interrupted } from '../timeline/interrupted.js'
import { saysYes } from '../variables/conditions.js'

/** Modules that one host of the batch runs for all, without `run_once`. */
export const onceInBatch: ReadonlySet<string> = new Set(['pause'])

/**
 * Waits for a time or an answer. A dry run asks, like Ansible's, since later steps may depend on the answer; it does
 * not wait.
 * @returns the fields of the result, as in Ansible
 * @throws Interrupted at Ctrl-C
 */
export const pause = async (context: StepContext, params: Dict): Promise<readonly (readonly [string, Value])[]> => {
  const { run, host, step } = context
  const seconds = secondsOf(params, step)
  const isShown = saysYes(params.get('echo'), true)
  const [begun, from] = [new Date(), performance.now()]
  const answer = seconds === undefined ? await answered(context, params, isShown) : ''
  if (seconds !== undefined && !run.input.check) await waited(context, params, seconds)
  if (run.input.stopping.aborted) throw new Interrupted()
  // Everything has to be read again, since a pause is often made for a change from outside.
  if (!run.input.check) {
    for (const name of new Set([...run.input.hosts.names, host.name])) run.epochs.raiseHost(name)
    run.epochs.raiseCluster()
  }
  const ms = performance.now() - from
  const [long, unit] = params.get('seconds') === undefined ? [ms / 60_000, 'minutes'] : [ms / 1000, 'seconds']
  return [
    ['rc', 0],
    ['stderr', ''],
    ['stdout', `Paused for ${floatText(Math.round(long * 100) / 100)} ${unit}`],
    ['start', moment(begun)],
    ['stop', moment(new Date())],
    ['delta', Math.floor(ms / 1000)],
    ['echo', isShown],
    ['user_input', isShown ? answer : new Secret<Value>(answer)],
  ]
}

/** Whole seconds, at least one, as in Ansible; undefined where Enter ends the pause. */
const secondsOf = (params: Dict, { source }: Step): number | undefined => {
  const [seconds, minutes] = [params.get('seconds') ?? null, params.get('minutes') ?? null]
  if (seconds !== null && minutes !== null)
    throw new ExpressionError('parameters are mutually exclusive: minutes|seconds', source, 'give one of them')
  const duration = seconds ?? minutes
  if (duration === null) return undefined
  const number = typeof duration === 'string' && duration.trim() === '' ? Number.NaN : Number(duration)
  if (!Number.isFinite(number))
    throw new ExpressionError(
      `'${String(duration)}' is not a number of ${seconds === null ? 'minutes' : 'seconds'}`,
      source,
    )
  return Math.max(1, Math.trunc(number) * (seconds === null ? 60 : 1))
}

const answered = async ({ run, host }: StepContext, params: Dict, isShown: boolean): Promise<string> => {
  const wanted = textOf(params) ?? 'Press enter to continue, Ctrl+C to interrupt'
  const { ask } = run.input
  if (ask === undefined) {
    run.warnOnce('Not waiting for response to prompt as stdin is not interactive')
    return ''
  }
  const question = `[${host.current?.name ?? 'pause'}]\n${wanted}${isShown ? '' : ' (output is hidden)'}`
  return await host.slot.releaseWhile(ask(question, { secret: !isShown }))
}

const waited = async ({ run, host }: StepContext, params: Dict, seconds: number): Promise<void> => {
  const prompt = textOf(params)
  if (host.current !== undefined) {
    const text = `pausing for ${seconds} s${prompt === undefined ? '' : `: ${prompt}`}`
    run.emit({ kind: 'step-progress', host: host.name, step: host.current, text })
  }
  await host.slot.releaseWhile(sleep(seconds * 1000, run.input.stopping))
}

const textOf = (params: Dict): string | undefined => {
  const prompt = params.get('prompt') ?? ''
  return prompt === '' ? undefined : String(prompt)
}

/** The time as Python's datetime prints it, in the time zone of this machine. */
const moment = (time: Date): string => {
  const at = new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
  return `${at.toISOString().slice(0, -1).replace('T', ' ')}000`
}
