import { text } from '../core/read.js'
import { type Left, left } from './hello.js'
import type { Host } from './host.js'
import type { ReadAt, Ready } from './instance.js'
import { waitForUnit } from './long.js'
import { lookAhead } from './look-ahead.js'
import { observeAll } from './observe.js'
import type { RunState } from './run-state.js'

/**
 * Before anything else on a host: what an earlier run left there. Rides with the first batch. What still runs (apt, kubeadm of
 * a killed client) is waited for, and all is read again after it; handlers that never ran are taken over.
 */
export const greet = async (run: RunState, host: Host, first: Ready): Promise<void> => {
  host.greeted = true
  if (!run.input.greet) return
  const asked: ReadAt = { machine: first.machine, planned: { read: left, as: first.as, env: {} } }
  const ahead = await lookAhead(run, host, host.timeline, host.window)
  await observeAll([first, ...ahead], [asked])
  const answer = await first.machine.answer(asked.planned)
  if (answer === undefined) return
  const { units, notified } = left.parse(answer) as Left
  for (const name of notified) host.notified.add(name)
  if (notified.length > 0) {
    run.emit({
      kind: 'warning',
      host: host.name,
      message: `an earlier run ended before its handlers ran: ${notified.map(name => `'${name}'`).join(', ')} will run now`,
    })
  }
  for (const unit of units) await waitFor(run, host, first, unit)
}

const waitFor = async (run: RunState, host: Host, { machine, as }: Ready, unit: string): Promise<void> => {
  run.emit({ kind: 'warning', host: host.name, message: `${unit} of an earlier run is still at work: waiting for it` })
  const [waited] = await machine.run(as, [{ sh: waitForUnit(unit) }], { signal: run.input.abort })
  run.epochs.raiseHost(machine.name)
  const rest = waited === undefined ? '' : text(waited.stderr).trim()
  run.emit({ kind: 'warning', host: host.name, message: `${unit} has ended${rest === '' ? '' : `: ${rest}`}` })
}
