import { checkParams, nowhere } from '../../config/schema/check-params.js'
import type { Event, Reporter } from '../../core/event.js'
import { isJsonObject, type Json } from '../../core/json.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import type { Play } from '../../core/step.js'
import type { CheckParams, Loader, RunInput, Templates } from '../../run/input.js'
import { run } from '../../run/run.js'
import { createTransport } from '../../transport/index.js'
import type { Flags } from '../options.js'
import type { ModuleTable } from '../project/modules.js'
import type { Project } from '../project/project.js'
import { Questions } from '../terminal/questions.js'
import { catchSignals } from '../terminal/signals.js'

export interface Execution {
  readonly modules: ModuleTable
  readonly plays: readonly Play[]
  readonly playbooks: readonly string[]
  readonly loader: Loader
  readonly templates: Templates
  readonly selects: RunInput['selects']
  readonly check: boolean
  readonly recoverFirst: boolean
}

/** Runs plays and reports them. @returns the exit code */
export const execute = async (
  project: Project,
  flags: Flags,
  execution: Execution,
  reporter: Reporter,
): Promise<number> => {
  const transport = createTransport(omitUndefined({ inventory: flags.inventory }))
  const signals = await catchSignals(
    (signal, again) => reporter.event({ kind: 'interrupted', signal, ...(again ? { again } : {}) }),
    () => reporter.event(cutOff),
  )
  const questions = new Questions(reporter, signals.stopping)
  try {
    const { settings, inventory } = project
    const ended = await run({
      playbooks: execution.playbooks,
      plays: execution.plays,
      hosts: inventory,
      ...(flags.limit === undefined ? {} : { limit: flags.limit }),
      modules: execution.modules,
      loader: execution.loader,
      templates: execution.templates,
      checkParams: checked,
      transport,
      check: execution.check,
      diff: settings.diff,
      forks: settings.forks,
      extra: project.extra,
      settings: project.connection,
      tags: { only: flags.tags ?? [], skip: flags.skipTags ?? [] },
      selects: execution.selects,
      ...(flags.startAtTask === undefined ? {} : { startAt: flags.startAtTask }),
      ...(flags.step === true ? { confirm: questions.confirm } : {}),
      ...(questions.ask === undefined ? {} : { ask: questions.ask }),
      forceHandlers: settings.force_handlers,
      recoverFirst: execution.recoverFirst,
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

/** After a second signal, where a host does not answer in time that its jobs are ended. */
const cutOff: Event = {
  kind: 'warning',
  message:
    'ended before all hosts had answered: commands may run on there for a moment, and a command in its own unit to its end',
  hint: 'start the same command again: it goes on where this one stopped',
}

/**
 * Checks parameters as they are used, with rendered templates. Parameters without templates were checked while loading.
 */
const checked: CheckParams = (schema, params, { module, source }) => {
  const plain: Json = isJsonObject(params) ? params : {}
  return checkParams(schema, plain, nowhere(source), { of: module, literal: false }).value
}
