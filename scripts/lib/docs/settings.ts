import { counterparts } from '../../../engine/config/ansible-cfg.js'
import { settingDocs } from '../../../engine/config/settings.js'
import { page } from './pages.js'
import { typeOf } from './parameters.js'

/** The page of settings, from the table that the engine reads. */
export const settingsPage = (): string =>
  page([
    '# Settings',
    `A file \`tkplay.yml\` beside the playbook (for commands without one: in the working directory) contains these keys. The environment
variable of a key wins over the file, and a flag over both. Relative paths are relative to the file.`,
    [
      '| key | environment | type | default | meaning | in ansible.cfg |',
      '|---|---|---|---|---|---|',
      ...settingDocs.map(({ name, schema, doc, variable }) =>
        row([
          `\`${name}\``,
          `\`${variable}\``,
          typeOf(schema),
          schema['default'] === undefined ? '' : `\`${JSON.stringify(schema['default'])}\``,
          doc,
          [...counterparts].flatMap(([key, setting]) => (setting === name ? [`\`${key}\``] : [])).join(', '),
        ]),
      ),
    ].join('\n'),
    ['```yaml', 'inventory: [hosts.yml]', 'user: deploy', 'become: true', 'roles_path: [../roles]', '```'].join('\n'),
    `\`ansible.cfg\` is not read. If one is in the working directory or beside the playbook, and has a key of the last column, tkplay
prints a warning.`,
  ])

const row = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
