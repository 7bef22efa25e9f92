/**
 * Writes docs/modules/, docs/roles/, docs/commands.md, docs/settings.md and schemas/ from the schemas in the code. With
 * `--check` it lists files that are not current, and fails.
 */
import type { AnyModule } from '../engine/core/module.js'
import { modules } from '../engine/modules/index.js'
import { controls } from '../engine/playbook/control/controls.js'
import { bundledRoles, readmeOf } from '../engine/playbook/roles/bundled-roles.js'
import { commandsPage } from './lib/docs/commands.js'
import { inventorySchema } from './lib/docs/inventory-schema.js'
import { controlPage, indexPage, modulePage, rolePage } from './lib/docs/pages.js'
import { playbookSchema, tasksSchema } from './lib/docs/playbook-schema.js'
import { settingsPage } from './lib/docs/settings.js'
import { wrapMarkdown } from './lib/docs/wrap.js'
import { type Files, outdated, write } from './lib/generated.js'

const folders = ['docs/modules', 'docs/roles', 'schemas']

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`

const files = async (): Promise<Files> =>
  new Map([...(await pages())].map(([path, text]) => [path, path.endsWith('.md') ? wrapMarkdown(text) : text]))

const pages = async (): Promise<Files> => {
  const all: readonly AnyModule[] = modules
  const roles = await bundledRoles()
  return new Map([
    ['docs/commands.md', commandsPage()],
    ['docs/settings.md', settingsPage()],
    [
      'docs/modules/README.md',
      indexPage('Modules', 'What a task can do. `tkplay doc NAME` shows the same pages.', [
        ...all,
        ...controls.values(),
      ]),
    ],
    ...all.map(module => [`docs/modules/${module.name}.md`, modulePage(module)] as const),
    ...[...controls.values()].map(control => [`docs/modules/${control.name}.md`, controlPage(control)] as const),
    ['docs/roles/README.md', indexPage('Roles', 'The roles that come with tkplay, in alphabetical order.', roles)],
    ...roles.map(role => [`docs/roles/${role.name}.md`, rolePage(role, readmeOf(role.name))] as const),
    ['schemas/playbook.json', json(playbookSchema(all))],
    ['schemas/tasks.json', json(tasksSchema())],
    ['schemas/inventory.json', json(inventorySchema(roles))],
  ])
}

const wanted = await files()
if (process.argv.includes('--check')) {
  const old = outdated(wanted, folders)
  for (const path of old) process.stdout.write(`${path} is not current: npm run generate\n`)
  if (old.length > 0) process.exitCode = 1
} else {
  write(wanted, folders)
}
