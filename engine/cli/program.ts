import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import type { AdhocFlags } from './adhoc.js'
import { connectionOptions, type Flags, inventoryOptions, outputOptions, playOptions } from './options.js'

/** The command line. Each command's code is loaded when it is asked for. */
export const program = (finish: (code: number) => void): Command => {
  const tkplay = new Command('tkplay')
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
      finish(await (await import('./play.js')).play(playbooks, flags)),
    )

  outputOptions(playOptions(connectionOptions(inventoryOptions(tkplay.command('check')))))
    .argument('<playbook...>')
    .description('say what run would change, with diffs; exit 0 nothing to do, 4 changes pending')
    .addHelpText('after', '\nExample:\n  tkplay check site.yml -i hosts')
    .action(async (playbooks: string[], flags: Flags) =>
      finish(await (await import('./play.js')).play(playbooks, { ...flags, check: true, diff: flags.diff ?? true })),
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
      finish(await (await import('./adhoc.js')).adhoc(pattern, flags)),
    )

  return tkplay
}

/** From the package's own file, found from where this file runs: dist/engine/cli. */
const version = (): string => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
