import { join } from 'node:path'
import { Command, Option } from 'commander'
import { didYouMean } from '../config/did-you-mean.js'
import { packageDir } from '../config/files/home.js'
import { readLocal } from '../config/files/local-file.js'
import type { AdhocFlags } from './commands/adhoc.js'
import type { InventoryFlags } from './commands/inventory.js'
import type { TrustFlags } from './commands/trust.js'
import type { ValidateFlags } from './commands/validate.js'
import { connectionOptions, type Flags, inventoryOptions, outputOptions, playOptions } from './options.js'

/** The command line. The code of a command is loaded when the command is used. */
export const program = (finish: (code: number) => void): Command => {
  const tkplay = new Command('tkplay')
    .exitOverride()
    .description('Brings hosts over SSH to the state that playbooks and roles describe.')
    .version(version(), '--version', 'show the version')
    .showHelpAfterError("(see 'tkplay --help')")
    .enablePositionalOptions()

  outputOptions(playOptions(connectionOptions(inventoryOptions(tkplay.command('run')))))
    .argument('<playbook...>')
    .description('run playbooks')
    .option('-C, --check', 'change nothing: say what would change')
    .addHelpText('after', '\nExample:\n  tkplay run site.yml -i hosts --diff')
    .action(async (playbooks: string[], flags: Flags) =>
      finish(await (await import('./commands/play.js')).play(playbooks, flags)),
    )

  outputOptions(playOptions(connectionOptions(inventoryOptions(tkplay.command('check')))))
    .argument('<playbook...>')
    .description('say what run would change, with diffs; exit 0 nothing to do, 4 changes pending')
    .addHelpText('after', '\nExample:\n  tkplay check site.yml -i hosts')
    .action(async (playbooks: string[], flags: Flags) =>
      finish(
        await (await import('./commands/play.js')).play(playbooks, { ...flags, check: true, diff: flags.diff ?? true }),
      ),
    )

  outputOptions(connectionOptions(inventoryOptions(tkplay.command('adhoc'))))
    .argument('<pattern>')
    .description('run one module on every host of a pattern')
    .option('-m, --module <name>', 'the module', 'shell')
    .option('-a, --args <args>', 'its arguments: a command line, k=v words, or JSON')
    .option('-C, --check', 'change nothing: say what would change')
    .option('-D, --diff', 'show what changes in files')
    .option('--one-line', 'one line a host')
    .option('--fold', 'hosts with equal output share one block')
    .addHelpText('after', "\nExample:\n  tkplay adhoc all -i hosts -m shell -a 'uptime'")
    .action(async (pattern: string, flags: AdhocFlags) =>
      finish(await (await import('./commands/adhoc.js')).adhoc(pattern, flags)),
    )

  inventoryOptions(tkplay.command('inventory'))
    .description('show what the inventory means')
    .option('--list', 'all of it, as JSON (the default)')
    .option('--graph', 'groups and hosts as a tree')
    .option('--host <name>', "one host's variables")
    .addHelpText('after', '\nExample:\n  tkplay inventory -i hosts --graph')
    .action(async (flags: InventoryFlags) =>
      finish(await (await import('./commands/inventory.js')).showInventory(flags, say)),
    )

  connectionOptions(inventoryOptions(tkplay.command('facts')))
    .argument('<pattern>')
    .description('gather facts and show them as JSON')
    .addHelpText('after', '\nExample:\n  tkplay facts all -i hosts')
    .action(async (pattern: string, flags: Flags) =>
      finish(await (await import('./commands/facts.js')).showFacts(pattern, flags, say, complain)),
    )

  inventoryOptions(tkplay.command('validate'))
    .argument('<playbook...>')
    .description('find what is wrong in playbooks, roles and inventory without connecting')
    .option('--strict', 'findings are errors too: exit 2')
    .addOption(new Option('-o, --output <format>', 'what the output looks like').choices(['plain', 'json']))
    .addHelpText('after', '\nExample:\n  tkplay validate site.yml -i hosts')
    .action(async (playbooks: string[], flags: ValidateFlags) =>
      finish(await (await import('./commands/validate.js')).validate(playbooks, flags, say, complain)),
    )

  connectionOptions(inventoryOptions(tkplay.command('trust')))
    .argument('<pattern>')
    .description('show the keys of hosts and pin them')
    .option('-y, --yes', 'pin without asking')
    .addHelpText('after', '\nExample:\n  tkplay trust all -i hosts')
    .action(async (pattern: string, flags: TrustFlags) =>
      finish(await (await import('./commands/trust.js')).trust(pattern, flags, say)),
    )

  tkplay
    .command('doc')
    .argument('[name]', 'a module or role; without one, all of them')
    .description('show the documentation of a module or role')
    .addHelpText('after', '\nExample:\n  tkplay doc sysctl')
    .action(async (name: string | undefined) => finish(await (await import('./commands/doc.js')).showDoc(name, say)))

  // Replaces commander's own error, which has no hint.
  tkplay.on('command:*', ([word = '']: readonly string[]) => {
    const names = tkplay.commands.map(command => command.name())
    const hint = /\.ya?ml$/.test(word) ? `to run a playbook: tkplay run ${word}` : didYouMean(word, names)
    tkplay.showHelpAfterError(`(${hint ?? "see 'tkplay --help'"})`).error(`error: unknown command '${word}'`)
  })

  for (const command of tkplay.commands) command.showHelpAfterError(`(see 'tkplay ${command.name()} --help')`)
  return tkplay
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): void => void process.stderr.write(`${text}\n`)

const version = (): string => {
  const text = readLocal(join(packageDir, 'package.json')).toString()
  return (JSON.parse(text) as { readonly version: string }).version
}
