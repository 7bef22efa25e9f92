import { checkParams, nowhere } from '../config/schema.js'
import type { Event, Reporter } from '../core/event.js'
import { TkplayError } from '../core/failure.js'
import { isJsonObject, type Json } from '../core/json.js'
import type { Play } from '../core/step.js'
import type { Answer } from '../run/confirm.js'
import type { CheckParams, Loader, RunInput, Templates } from '../run/input.js'
import { run } from '../run/run.js'
import { createTransport } from '../transport/index.js'
import { ask } from './ask.js'
import type { ModuleTable } from './modules.js'
import type { Flags } from './options.js'
import type { Project } from './project.js'
import { catchSignals } from './signals.js'

export interface Work {
  readonly modules: ModuleTable
  readonly plays: readonly Play[]
  readonly playbooks: readonly string[]
  readonly loader: Loader
  readonly templates: Templates
  readonly selects: RunInput['selects']
  readonly check: boolean
  readonly greet: boolean
}

/** Runs plays and reports them. @returns the exit code */
export const execute = async (project: Project, flags: Flags, work: Work, reporter: Reporter): Promise<number> => {
  const transport = createTransport()
  const signals = await catchSignals(
    (signal, again) => reporter.event({ kind: 'interrupted', signal, ...(again ? { again } : {}) }),
    () => reporter.event(cutOff),
  )
  try {
    const { settings, inventory } = project
    const ended = await run({
      playbooks: work.playbooks,
      plays: work.plays,
      hosts: inventory,
      ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      modules: work.modules,
      loader: work.loader,
      templates: work.templates,
      checkParams: checked,
      transport,
      check: work.check,
      diff: settings.diff,
      forks: settings.forks,
      extra: project.extra,
      settings: project.connection,
      tags: { only: flags.tags ?? [], skip: flags.skipTags ?? [] },
      selects: work.selects,
      ...(flags.startAtTask === undefined ? {} : { startAt: flags.startAtTask }),
      ...(flags.step === true ? { confirm: confirmed(signals.stopping) } : {}),
      forceHandlers: settings.force_handlers,
      greet: work.greet,
      verbosity: flags.verbose ?? 0,
      emit: event => reporter.event(event),
      stopping: signals.stopping,
      abort: signals.abort,
    })
    return ended.exitCode
  } finally {
    signals.done()
    await reporter.close()
    await transport.close()
  }
}

/** The second Ctrl-C, and a host that does not end at once what it was told to end. */
const cutOff: Event = {
  kind: 'warning',
  message:
    'ended before all hosts had answered: what they do may go on there for a moment, and an apply in its unit to its end',
  hint: 'start the same command again: it goes on where this one stopped',
}

/** --step. An empty answer is no, as in Ansible. Ctrl-C at the question is one as elsewhere: the terminal did not make it a signal. */
const confirmed =
  (stopping: AbortSignal) =>
  async (task: string): Promise<Answer> => {
    try {
      const typed = await ask(`perform '${task}'? (n)o, (y)es, (c)ontinue`, {
        secret: false,
        instead: 'run it without --step',
      })
      const [first] = typed.trim().toLowerCase()
      return first === 'c' ? 'continue' : first === 'y' ? 'yes' : 'no'
    } catch (error) {
      if (!(error instanceof TkplayError) || error.failure.kind !== 'interrupted') throw error
      const stopped = new Promise(done => stopping.addEventListener('abort', done, { once: true }))
      process.kill(process.pid, 'SIGINT')
      await stopped
      return 'no'
    }
  }

/** Parameters that templates gave are checked as they are used; what was written plainly was checked while loading. */
const checked: CheckParams = (schema, params, { module, source }) => {
  const plain: Json = isJsonObject(params) ? params : {}
  return checkParams(schema, plain, nowhere(source), { of: module, literal: false }).value
}
