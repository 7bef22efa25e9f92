import { didYouMean } from '../../config/did-you-mean.js'
import type { Reporter } from '../../core/event.js'
import { constant, type Expr } from '../../core/expr.js'
import { ConfigError } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import type { Source } from '../../core/source.js'
import type { Play, Step } from '../../core/step.js'
import type { Value } from '../../core/value.js'
import { controls } from '../../playbook/control/controls.js'
import type { Callee } from '../../playbook/tasks/callee.js'
import { adhocReporter } from '../../report/adhoc.js'
import { printableReporter } from '../../report/printable.js'
import type { Loader } from '../../run/input.js'
import { shortName } from '../../template/index.js'
import type { Flags } from '../options.js'
import { allModules, type ModuleTable } from '../project/modules.js'
import { openProject, type Project } from '../project/project.js'
import { checkPattern } from '../project/target-hosts.js'
import { controllerEnv, templatesOf } from '../project/templates.js'
import { chooseReporter, paints, toStderr, toStdout } from '../terminal/reporters.js'
import { adhocArgs } from './adhoc-args.js'
import { type Execution, execute } from './execute.js'

export interface AdhocFlags extends Flags {
  readonly module: string
  readonly args?: string
}

/** Runs one module on every host of a pattern. @returns the exit code */
export const adhoc = async (pattern: string, flags: AdhocFlags): Promise<number> => {
  const name = shortName(flags.module)
  const [modules, project] = await Promise.all([allModules(), openProject(flags, [])])
  const callee = calleeOf(name, flags.module, modules)
  const warnings = checkPattern(project, pattern, flags.limit)
  const params = adhocArgs(flags.args ?? '', callee)
  const execution = adhocExecution(pattern, modules, name, params, { check: flags.check === true })
  const reporter = await reporterFor(flags, project)
  for (const warning of warnings) reporter.event({ kind: 'warning', ...warning })
  return execute(project, flags, execution, reporter)
}

const calleeOf = (name: string, written: string, modules: ModuleTable): Callee => {
  const module = modules.get(name)
  if (module !== undefined) return { ...module, name }
  const control = controls.get(name)
  if (control?.alone === true) return control
  if (control !== undefined) {
    throw new ConfigError({
      message: `-m ${name} is for plays: an ad hoc command is one task`,
      hint: "put it into a playbook and use 'tkplay run'",
    })
  }
  const hint = didYouMean(written, [...modules.keys(), ...controls.keys()])
  throw new ConfigError({
    message: `there is no module '${written}'`,
    hint: hint ?? "see 'tkplay doc' for all of them",
  })
}

/** The play with one task that an ad-hoc command runs. */
export const adhocExecution = (
  pattern: string,
  modules: ModuleTable,
  name: string,
  params: Value,
  { check }: { readonly check: boolean },
): Execution => {
  const templates = templatesOf(controllerEnv())
  return {
    modules,
    plays: [adhocPlay(pattern, name, templates.tree(params))],
    playbooks: [],
    loader: noIncludes,
    templates,
    selects: () => true,
    check,
    recoverFirst: false,
  }
}

/** The ad-hoc report instead of the tree and plain ones, which are made for many steps. */
const reporterFor = async (flags: AdhocFlags, { settings }: Project): Promise<Reporter> => {
  const { output } = settings
  const verbosity = flags.verbose ?? 0
  if (output === 'json' || output === 'junit') {
    return chooseReporter({ output, color: settings.color, diff: settings.diff, verbosity })
  }
  return printableReporter(
    adhocReporter({
      write: toStdout,
      aside: toStderr,
      colours: paints(settings.color),
      layout: flags.oneLine === true ? 'one-line' : flags.fold === true ? 'fold' : 'block',
      diff: settings.diff,
      verbosity,
    }),
  )
}

const source: Source = { file: 'ad hoc', line: 1, col: 1 }

const adhocPlay = (pattern: string, module: string, params: Expr): Play => {
  const step: Step = {
    kind: 'step',
    id: 'adhoc',
    name: undefined,
    source,
    origin: { playDir: process.cwd(), dir: process.cwd() },
    module,
    params,
    when: [],
    notify: [],
    become: {},
    environment: [],
    vars: [],
    tags: [],
  }
  return {
    name: 'ad hoc',
    source,
    hosts: constant(pattern as Json),
    order: 'inventory',
    strategy: 'free',
    gatherFacts: false,
    serial: [],
    forceHandlers: false,
    vars: [],
    varsFiles: [],
    prompts: [],
    body: [step],
    roles: [],
    handlers: [],
    origin: step.origin,
    inherits: step,
  }
}

const none = (): never => {
  throw new ConfigError({
    message: 'an ad hoc task includes nothing',
    hint: "put it into a playbook and use 'tkplay run'",
  })
}
const noIncludes: Loader = {
  includeTasks: none,
  includeRole: none,
  varsFile: none,
  includeVars: none,
  handlersOf: () => [],
  exposedBy: () => [],
  rolesOf: () => [],
}
