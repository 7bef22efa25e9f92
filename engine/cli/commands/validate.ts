import type { Diagnostic } from '../../core/diagnostic.js'
import { exit } from '../../core/exit.js'
import { ConfigError } from '../../core/failure.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { RefusedPlaybook } from '../../playbook/problems/problems.js'
import { painter } from '../../report/colours.js'
import { type Findings, findingLines, grouped } from '../../report/findings.js'
import { printable } from '../../report/printable.js'
import type { Flags } from '../options.js'
import { loadPlays } from '../project/load.js'
import { allModules } from '../project/modules.js'
import { openProject, type Project, settingsOf } from '../project/project.js'
import { controllerEnv } from '../project/templates.js'
import { complain } from '../terminal/errors.js'
import { paints } from '../terminal/reporters.js'

export interface ValidateFlags extends Pick<Flags, 'inventory' | 'limit' | 'extraVars' | 'output'> {
  readonly strict?: boolean
}

type Say = (line: string) => void

/**
 * Checks everything that can be checked without connecting. What a run would refuse is an error; what may stop a task,
 * or has no effect, is a finding. Both are printed together, errors first.
 * @returns the exit code
 */
export const validate = async (
  playbooks: readonly string[],
  flags: ValidateFlags,
  say: Say,
  sayError: Say,
): Promise<number> => {
  let json = flags.output === 'json'
  let project: Project | undefined
  try {
    // The output format is needed first, since errors in the inventory are printed in it too.
    json = (await settingsOf(flags, playbooks)).values.output === 'json'
    project = await openProject(flags, playbooks)
    const { plays, warnings } = await loadPlays(project, playbooks, {
      templates: controllerEnv(),
      modules: await allModules(),
      limit: flags.limit,
      connects: false,
      mayLackInventory: true,
    })
    const groups = grouped([...project.warnings, ...warnings])
    const told: Told = { playbooks, plays: plays.length, groups, level: levelOf(flags) }
    if (json) tellData(told, say)
    else tell(told, say, paints(project.settings.color))
    return flags.strict === true && groups.length > 0 ? exit.usage : exit.ok
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const groups = error instanceof RefusedPlaybook ? grouped([...(project?.warnings ?? []), ...error.findings]) : []
    const told: Told = { playbooks, errors: error.all, groups, level: levelOf(flags) }
    if (json) tellData(told, say)
    else {
      complain(error, one => sayError(printable(one)))
      if (groups.length > 0) tell(told, say, paints(project?.settings.color ?? 'auto'))
    }
    return exit.usage
  }
}

const levelOf = ({ strict }: ValidateFlags): Told['level'] => (strict === true ? 'error' : 'warning')

interface Told {
  readonly playbooks: readonly string[]
  /** The number of plays; undefined where there are errors. */
  readonly plays?: number
  readonly errors?: readonly Diagnostic[]
  readonly groups: readonly Findings[]
  readonly level: 'warning' | 'error'
}

const tell = ({ playbooks, plays, errors = [], groups, level }: Told, say: Say, colours: boolean): void => {
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
      : `${counted(count, 'finding')}${level === 'error' && errors.length === 0 ? ', and --strict makes them errors' : ''}`
  const read = plays === undefined ? counted(errors.length, 'error') : counted(plays, 'play')
  say(`${playbooks.join(', ')}: ${read}, ${found}`)
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Prints one JSON object a line, like `run -o json`. */
const tellData = ({ playbooks, plays, errors = [], groups, level }: Told, say: Say): void => {
  for (const one of errors) say(line('error', one))
  for (const { findings } of groups) for (const one of findings) say(line(level, one))
  const findings = Object.fromEntries(groups.map(({ about, count }) => [about, count]))
  say(JSON.stringify({ kind: 'validated', playbooks, ...omitUndefined({ plays }), errors: errors.length, findings }))
}

const line = (level: string, { about, message, source, hint }: Diagnostic): string =>
  JSON.stringify({ kind: 'finding', level, about: about ?? 'other', message, source, hint })
