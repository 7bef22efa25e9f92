import type { Reporter } from '../../core/event.js'
import { isJsonObject, type Json } from '../../core/json.js'
import type { AnyModule } from '../../core/module.js'
import { setup } from '../../facts/setup.js'
import { jsonText } from '../../python/json-text.js'
import { linesFor } from '../../report/words.js'
import type { Flags } from '../options.js'
import { tableOf } from '../project/modules.js'
import { openProject } from '../project/project.js'
import { checkPattern } from '../project/target-hosts.js'
import { configLines } from '../terminal/errors.js'
import { adhocExecution } from './adhoc.js'
import { execute } from './execute.js'

/** Gathers facts and prints them as JSON: host → facts. @returns the exit code */
export const showFacts = async (
  pattern: string,
  flags: Flags,
  say: (text: string) => void,
  complain: (text: string) => void,
): Promise<number> => {
  const project = await openProject(flags, [])
  for (const warning of checkPattern(project, pattern, flags.limit))
    for (const line of configLines({ kind: 'invalid-config', ...warning })) complain(line)
  const facts: { [host: string]: Json } = {}
  const reporter: Reporter = {
    event(event) {
      if (event.kind === 'warning') complain(event.message)
      if (event.kind !== 'step-ended') return
      if (event.failure !== undefined) complain(`${event.host}: ${linesFor(event.failure).join('\n')}`)
      else if (isJsonObject(event.result)) facts[event.host] = event.result['ansible_facts'] ?? {}
    },
    close: async () => undefined,
  }
  const code = await execute(
    project,
    flags,
    adhocExecution(pattern, tableOf([setup as AnyModule]), 'setup', new Map(), { check: false }),
    reporter,
  )
  say(jsonText(facts, { indent: 2 }))
  return code
}
