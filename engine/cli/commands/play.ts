import type { Diagnostic } from '../../core/diagnostic.js'
import type { Play } from '../../core/step.js'
import { fromJson } from '../../core/value.js'
import { type Layer, rank } from '../../core/vars.js'
import { tagsSelect } from '../../playbook/keywords/tags.js'
import { foretold } from '../../report/findings.js'
import type { Flags } from '../options.js'
import { checkTags } from '../project/chosen-tags.js'
import { loadPlays } from '../project/load.js'
import { allModules } from '../project/modules.js'
import { openProject, type Project } from '../project/project.js'
import { controllerEnv, templatesOf } from '../project/templates.js'
import { ask } from '../terminal/ask.js'
import { chooseReporter } from '../terminal/reporters.js'
import { prepareSignals } from '../terminal/signals.js'
import { execute } from './execute.js'
import { listing } from './listing.js'

/** The commands `run` and `check`. @returns the exit code */
export const play = async (playbooks: readonly string[], flags: Flags): Promise<number> => {
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  prepareSignals()
  const project = await openProject(flags, playbooks)
  const env = controllerEnv()
  const modules = await allModules()
  const { syntaxCheck, listHosts, listTasks, listTags, limit } = flags
  const connects = ![syntaxCheck, listHosts, listTasks, listTags].includes(true)
  const selects = (tags: readonly string[]): boolean => tagsSelect(tags, flags.tags ?? [], flags.skipTags ?? [])
  const loaded = await loadPlays(project, playbooks, {
    templates: env,
    modules,
    limit,
    connects,
    // With --start-at-task or --step, tasks may be skipped, so no task is certain to run.
    selects: flags.startAtTask === undefined && flags.step !== true ? selects : () => false,
    mayLackInventory: syntaxCheck === true,
  })
  const tagWarnings = checkTags(loaded.tags, flags)
  if (flags.syntaxCheck === true) {
    say(`${playbooks.join(', ')}: nothing wrong was found`)
    return 0
  }
  const list = listing(loaded.plays, flags, project.inventory, selects)
  if (list !== undefined) {
    for (const line of list) say(line)
    return 0
  }
  const answers = await withAnswers(loaded.plays, project.extra)
  const answered: Project = { ...project, extra: answers.extra }
  const { settings } = project
  const reporter = await chooseReporter({
    // Questions and live rows cannot share a terminal.
    output: flags.step === true && settings.output === undefined ? 'plain' : settings.output,
    color: settings.color,
    diff: settings.diff,
    verbosity: flags.verbose ?? 0,
  })
  const found = foretold([...project.warnings, ...loaded.warnings], playbooks)
  for (const warning of [...found, ...tagWarnings, ...answers.warnings]) reporter.event({ kind: 'warning', ...warning })
  const execution = {
    ...loaded,
    modules,
    playbooks,
    templates: templatesOf(env),
    selects,
    check: flags.check === true,
    recoverFirst: true,
  }
  return execute(answered, flags, execution, reporter)
}

/**
 * Asks the questions of `vars_prompt`, before any connection; a variable that -e sets is not asked for. Without a
 * terminal the default is used, with a warning.
 */
const withAnswers = async (
  plays: readonly Play[],
  extra: Layer,
): Promise<{ readonly extra: Layer; readonly warnings: readonly Diagnostic[] }> => {
  const bindings = new Map(extra.bindings)
  const warnings: Diagnostic[] = []
  for (const { name, prompt, private: secret, default: usual } of plays.flatMap(one => one.prompts)) {
    if (bindings.has(name)) continue
    if (usual !== undefined && process.stdin.isTTY !== true) {
      warnings.push({
        message: `there is no terminal to ask for: ${prompt}; its default is used`,
        hint: `give '${name}' as a variable (-e @file)`,
      })
      bindings.set(name, { value: fromJson(usual), data: true })
      continue
    }
    const typed = await ask(prompt, { secret, instead: 'give it as a variable (-e @file)' })
    bindings.set(name, { value: fromJson(typed === '' && usual !== undefined ? usual : typed), data: true })
  }
  return { extra: { rank: rank.extra, name: extra.name, bindings }, warnings }
}
