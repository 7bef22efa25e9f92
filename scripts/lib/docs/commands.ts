import type { Command } from 'commander'
import { program } from '../../../engine/cli/program.js'
import { page } from './pages.js'

const width = 110

/** The page of the command line, as `--help` shows it. */
export const commandsPage = (): string => {
  const tkplay = program(() => undefined)
  return page([
    '# The command line',
    'Each of these is what `tkplay COMMAND --help` prints. Exit codes: 0 all is well; 1 a host failed; 2 the command line or a file is wrong; 3 a host could not be reached and none failed; 4 `check` found changes pending; 70 a bug in tkplay; 130 interrupted.',
    block(helpOf(tkplay)),
    ...tkplay.commands.flatMap(command => [`## ${command.name()}`, block(helpOf(command))]),
  ])
}

const block = (text: string): string => `\`\`\`text\n${text.trim()}\n\`\`\``

const helpOf = (command: Command): string => {
  let text = ''
  command.configureHelp({ helpWidth: width }).configureOutput({
    writeOut: part => {
      text += part
    },
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return text
}
