import { ApplyFailed } from '../../core/failure.js'
import type { RunContext, StepContext } from '../context.js'
import type { Host } from '../host.js'
import { type Login, sameLogin } from '../machine/login.js'
import type { EvaluatedStep } from '../step/evaluate.js'
import { notesOf, notifiedBy } from './handlers.js'
import { forgetScript, rememberScript } from './journal-scripts.js'

/**
 * Stores on the host which handlers the step is going to notify; on the host itself, also where the step is delegated.
 * A host without a connection gets no note: it may not exist yet.
 */
export const writeToJournal = async (context: StepContext, { machine, as }: EvaluatedStep): Promise<void> => {
  const { run, host, stage } = context
  const news = notifiedBy(context).filter(name => host.handlers.writtenAt(name) === undefined)
  const own = machine.name === host.name ? machine : run.machines.get(host.name)
  if (news.length === 0 || !(machine === own || own.roundTrips > 0)) return
  const notes = notesOf(run, host, stage, news)
  await runScript(run, { machine: own, as }, rememberScript(notes))
  for (const { name, owner } of notes) host.handlers.wrote(name, { machine: own, as, owner })
}

/** Erases the notes of notifications, one script for each user. */
export const eraseFromJournal = async (run: RunContext, host: Host, names: readonly string[]): Promise<void> => {
  for (const one of names) {
    const first = host.handlers.writtenAt(one)
    if (first === undefined) continue
    const there = names.flatMap(name => {
      const note = host.handlers.writtenAt(name)
      return note !== undefined && sameLogin(note, first) ? [{ name, owner: note.owner }] : []
    })
    await runScript(run, first, forgetScript(there))
    for (const { name } of there) host.handlers.unwrote(name)
  }
}

const runScript = async (run: RunContext, { machine, as }: Login, sh: string): Promise<void> => {
  const [answer] = await machine.run(as, [{ sh }], { signal: run.input.abort })
  if (answer !== undefined && answer.rc !== 0) throw new ApplyFailed(sh, answer)
}
