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
  const known = { templates: controllerEnv(), modules: await allModules(), limit: flags.limit, connects: false }
  const { plays, warnings } = await loadPlays(project, playbooks, known)
  const said = [...project.warnings, ...warnings]
  for (const warning of said) {
    for (const line of configLines({ kind: 'invalid-config', ...warning })) say(line)
  }
  const found = said.length === 0 ? 'nothing wrong was found' : 'nothing else was found'
  say(`${playbooks.join(', ')}: ${plays.length} play${plays.length === 1 ? '' : 's'}, ${found}`)
  return 0
}
