import { type Command, InvalidArgumentError, Option } from 'commander'
import { withLimitFiles } from './limit-files.js'

/** The flags as commander parses them. Where a flag is undefined, settings and files decide. */
export interface Flags {
  readonly inventory?: readonly string[]
  readonly limit?: string
  readonly tags?: readonly string[]
  readonly skipTags?: readonly string[]
  readonly extraVars?: readonly string[]
  readonly check?: boolean
  readonly diff?: boolean
  readonly forks?: number
  readonly user?: string
  readonly become?: boolean
  readonly becomeUser?: string
  readonly askBecomePass?: boolean
  readonly askPass?: boolean
  readonly privateKey?: string
  readonly sshCommonArgs?: string
  readonly timeout?: number
  readonly forceHandlers?: boolean
  readonly startAtTask?: string
  readonly step?: boolean
  readonly listHosts?: boolean
  readonly listTasks?: boolean
  readonly listTags?: boolean
  readonly syntaxCheck?: boolean
  readonly verbose?: number
  readonly output?: 'tree' | 'plain' | 'json' | 'junit'
  readonly oneLine?: boolean
  readonly fold?: boolean
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
const commas = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== ''),
]
/** An empty list of tags would select all tasks. */
const someTags = (value: string, before?: readonly string[]): readonly string[] => {
  const all = commas(value, before)
  if (all.length > (before?.length ?? 0)) return all
  throw new InvalidArgumentError("a tag is needed; 'all' runs everything")
}

const count = (_: string, before = 0): number => before + 1

const positive = (value: string): number => {
  const number = Number(value)
  if (Number.isInteger(number) && number > 0) return number
  throw new InvalidArgumentError('a whole number above 0 is needed')
}

export const inventoryOptions = (command: Command): Command =>
  command
    .option('-i, --inventory <source>', 'inventory file, folder, script, or host1,host2, (may be repeated)', collect)
    .option('-l, --limit <pattern>', 'only the hosts of this pattern, or of those in @file', withLimitFiles)
    .option('-e, --extra-vars <vars>', 'k=v, JSON or @file; wins over all other variables (may be repeated)', collect)

export const connectionOptions = (command: Command): Command =>
  command
    .option('-u, --user <name>', 'log in as this user, where the inventory names none')
    .option('--private-key <file>', 'log in with this key, where the inventory names none')
    .option('-k, --ask-pass', 'ask for the login password')
    .option('--ssh-common-args <words>', 'words for ssh: -o Key=Value, -J HOST')
    .option('-T, --timeout <seconds>', 'seconds for reaching a host', positive)
    .option('-b, --become', 'run as another user, root by default')
    .option('--become-user <name>', 'the user to become')
    .option('-K, --ask-become-pass', 'ask for the password that become needs')
    .option('-f, --forks <n>', 'how many hosts to work on at once', positive)

export const outputOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('-o, --output <format>', 'what the output looks like').choices(['tree', 'plain', 'json', 'junit']),
    )
    .option('-v, --verbose', 'say more (may be repeated)', count)

export const playOptions = (command: Command): Command =>
  command
    .option('-t, --tags <tags>', 'only tasks with these tags', someTags)
    .option('--skip-tags <tags>', 'no tasks with these tags', commas)
    .option('-D, --diff', 'show what changes in files')
    .option('--start-at-task <name>', 'begin at the task of this name, or the first that a glob matches')
    .option('--step', 'ask before each task: yes, no, or continue without asking')
    .option('--force-handlers', 'run notified handlers on failed hosts too')
    .option('--list-hosts', 'show the hosts of each play, and stop')
    .option('--list-tasks', 'show the tasks, and stop')
    .option('--list-tags', 'show the tags, and stop')
    .option('--syntax-check', 'look at the playbooks only, and stop')
