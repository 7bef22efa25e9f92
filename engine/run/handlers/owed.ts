import { ApplyFailed } from '../../core/failure.js'
import type { RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import { type Login, sameLogin } from '../machine/login.js'
import type { EvaluatedStep } from '../step/evaluate.js'
import { notesOf, notifiedBy } from './handlers.js'
import { forgetScript, rememberScript } from './journal-scripts.js'

/**
 * Writes down on the host itself, whoever does the step for it, which handlers are going to be notified. A host that nobody has
 * connected to keeps nothing: that another machine works for it may be because it is not there yet.
 */
export const writeDown = async (context: StepContext, { machine, as }: EvaluatedStep): Promise<void> => {
  const { run, host, stage } = context
  const news = notifiedBy(context).filter(name => !host.owed.has(name))
  const own = machine.name === host.name ? machine : run.machine(host.name)
  if (news.length === 0 || !(machine === own || own.roundTrips > 0)) return
  const notes = notesOf(run, host, stage, news)
  await tell(run, { machine: own, as }, rememberScript(notes))
  for (const { name, owner } of notes) host.owed.set(name, { machine: own, as, owner })
}

/** These handlers ran. */
export const takeBack = async (run: RunContext, host: Host, names: readonly string[]): Promise<void> => {
  for (const name of names) {
    const login = host.owed.get(name)
    if (login === undefined) continue
    const there = [...host.owed].filter(([other, at]) => names.includes(other) && sameLogin(at, login))
    await tell(run, login, forgetScript(there.map(([other, { owner }]) => ({ name: other, owner }))))
    for (const [other] of there) host.owed.delete(other)
  }
}

const tell = async (run: RunContext, { machine, as }: Login, sh: string): Promise<void> => {
  const [answer] = await machine.run(as, [{ sh }], { signal: run.input.abort })
  if (answer !== undefined && answer.rc !== 0) throw new ApplyFailed(sh, answer)
}
