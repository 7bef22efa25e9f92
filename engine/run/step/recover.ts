import type { Answer } from '../../core/connection.js'
import { text } from '../../core/read.js'
import type { RunContext, StepContext } from '../context.js'
import { fileNameOf, type Leftovers, leftovers } from '../handlers/journal-scripts.js'
import { claimRecovered } from '../handlers/recovered.js'
import type { Host } from '../host.js'
import { type Login, sameLogin } from '../machine/login.js'
import type { PlannedRead } from '../machine/observations.js'
import { waitForUnit } from '../machine/transient-unit.js'
import type { EvaluatedStep, ReadAt } from './evaluate.js'
import { observeAll } from './observe.js'
import { lookAhead } from './read-ahead.js'

/**
 * Reads what an earlier run left, once for each user of a host, with the user's first batch. Units that still run (apt,
 * kubeadm of a killed client) are waited for, and everything is read again afterwards; handlers that never ran are
 * notified again.
 */
export const recoverPreviousRun = async (
  { run, host }: Pick<StepContext, 'run' | 'host'>,
  first: EvaluatedStep,
): Promise<void> => {
  if (!run.input.recoverFirst || !isNew(host, first)) return
  const ahead = await lookAhead(run, host, host.timeline, host.window)
  const asked: ReadAt[] = []
  for (const { machine, as } of [first, ...ahead]) {
    if (!isNew(host, { machine, as })) continue
    host.askedForLeftovers.add({ machine, as })
    asked.push({ machine, planned: { read: leftovers, as, env: {} } })
  }
  await observeAll([first, ...ahead], asked)
  const units = new Map<string, Login>()
  for (const { machine, planned } of asked) {
    const login = { machine, as: planned.as }
    const answer = await answerOf(host, login, planned, first)
    if (answer === undefined) continue
    const found = leftovers.parse(answer) as Leftovers
    takeOver(run, host, login, found)
    for (const unit of found.units) if (planned.as === 'root' || !units.has(unit)) units.set(unit, login)
  }
  for (const [unit, login] of units) await waitFor(run, host, login, unit)
}

/** The answer for a user. A user that a later step creates is asked when a step of that user comes. */
const answerOf = async (
  host: Host,
  login: Login,
  planned: PlannedRead,
  first: EvaluatedStep,
): Promise<Answer | undefined> => {
  try {
    return await login.machine.answer(planned)
  } catch (error) {
    host.askedForLeftovers.delete(login)
    if (sameLogin(login, first)) throw error
    return undefined
  }
}

/**
 * Whether the login was not asked yet. Only the host's own machine counts; other machines are asked by their own hosts.
 */
const isNew = (host: Host, { machine, as }: Login): boolean =>
  machine.name === host.name && !host.askedForLeftovers.has({ machine, as })

const takeOver = (run: RunContext, host: Host, login: Login, { notified, folder }: Leftovers): void => {
  host.handlers.recover(notified.map(note => ({ ...note, ...login, file: `${folder}/${fileNameOf(note)}` })))
  const { stage } = host.timeline
  if (stage !== undefined) claimRecovered({ run, host, stage })
}

const waitFor = async (run: RunContext, host: Host, { machine, as }: Login, unit: string): Promise<void> => {
  run.emit({ kind: 'warning', host: host.name, message: `${unit} of an earlier run is still at work: waiting for it` })
  const [waited] = await machine.run(as, [{ sh: waitForUnit(unit), survives: true }], { signal: run.input.abort })
  machine.outdate()
  const rest = waited === undefined ? '' : text(waited.stderr).trim()
  run.emit({ kind: 'warning', host: host.name, message: `${unit} has ended${rest === '' ? '' : `: ${rest}`}` })
}
