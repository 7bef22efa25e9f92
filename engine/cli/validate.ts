import { exit } from '../core/exit.js'
import { ConfigError } from '../core/failure.js'
import { painter } from '../report/colours.js'
import { type Finding, type Findings, findingLines, grouped } from '../report/findings.js'
import { printable } from '../report/printable.js'
import { loadPlays } from './load.js'
import { allModules } from './modules.js'
import type { Flags } from './options.js'
import { openProject, settingsOf } from './project.js'
import { paints } from './reporters.js'
import { controllerEnv } from './templates.js'

export interface ValidateFlags extends Pick<Flags, 'inventory' | 'limit' | 'extraVars' | 'output'> {
  readonly strict?: boolean
}

type Say = (line: string) => void

/**
 * Everything that can be known before connecting: what a run would refuse is thrown, or said as data; what may stop a task where it is
 * reached, or has no effect, are findings.
 * @returns the exit code
 */
export const validate = async (playbooks: readonly string[], flags: ValidateFlags, say: Say): Promise<number> => {
  let json = flags.output === 'json'
  try {
    // Before anything else: what is wrong in the inventory is said in the same form.
    json = (await settingsOf(flags, playbooks)).values.output === 'json'
    const project = await openProject(flags, playbooks)
    const { plays, warnings } = await loadPlays(project, playbooks, {
      templates: controllerEnv(),
      modules: await allModules(),
      limit: flags.limit,
      connects: false,
      mayLackInventory: true,
    })
    const groups = grouped([...project.warnings, ...warnings])
    const level = flags.strict === true ? 'error' : 'warning'
    const told: Told = { playbooks, plays: plays.length, groups, level }
    if (json) tellData(told, say)
    else tell(told, say, paints(project.settings.color))
    return level === 'error' && groups.length > 0 ? exit.usage : exit.ok
  } catch (error) {
    if (!json || !(error instanceof ConfigError)) throw error
    for (const one of error.all) say(line('error', one))
    say(JSON.stringify({ kind: 'validated', playbooks, errors: error.all.length }))
    return exit.usage
  }
}

interface Told {
  readonly playbooks: readonly string[]
  readonly plays: number
  readonly groups: readonly Findings[]
  readonly level: 'warning' | 'error'
}

const tell = ({ playbooks, plays, groups, level }: Told, say: Say, colours: boolean): void => {
  const paint = painter(colours)
  for (const group of groups) {
    const { title, lines } = findingLines(group)
    say(`${paint(level === 'error' ? 'red' : 'magenta', level)}: ${title}`)
    for (const one of lines) say(printable(one))
  }
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  const found =
    count === 0
      ? 'nothing wrong was found'
      : `${count} finding${count === 1 ? '' : 's'}${level === 'error' ? ', and --strict makes them errors' : ''}`
  say(`${playbooks.join(', ')}: ${plays} play${plays === 1 ? '' : 's'}, ${found}`)
}

/** One JSON object a line, as `run -o json` has them. */
const tellData = ({ playbooks, plays, groups, level }: Told, say: Say): void => {
  for (const { findings } of groups) for (const one of findings) say(line(level, one))
  const counts = Object.fromEntries(groups.map(({ about, count }) => [about, count]))
  say(JSON.stringify({ kind: 'validated', playbooks, plays, errors: 0, findings: counts }))
}

const line = (level: string, { about, message, source, hint }: Finding): string =>
  JSON.stringify({ kind: 'finding', level, about: about ?? 'other', message, source, hint })
