import { configLines } from './errors.js'
import { loadPlays } from './load.js'
import { allModules } from './modules.js'
import type { Flags } from './options.js'
import { openProject } from './project.js'
import { controllerEnv } from './templates.js'

/** Everything that can be known before connecting. Findings are thrown, and printed, all at once. */
export const validate = async (
  playbooks: readonly string[],
  flags: Flags,
  say: (text: string) => void,
): Promise<number> => {
  const project = await openProject(flags, playbooks)
  const known = { templates: controllerEnv(), modules: await allModules(), limit: flags.limit }
  const { plays, warnings } = await loadPlays(project, playbooks, known)
  for (const warning of [...project.inventory.warnings, ...warnings]) {
    for (const line of configLines({ kind: 'invalid-config', ...warning })) say(line)
  }
  say(`${playbooks.join(', ')}: ${plays.length} play${plays.length === 1 ? '' : 's'}, nothing wrong was found`)
  return 0
}
