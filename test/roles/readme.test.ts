import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { project } from '../support/tkplay.js'

const sourcesBelow = (folder: string): readonly string[] =>
  readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => readFileSync(join(project, folder, file), 'utf8'))

/** As a user reads them: without quotes that are escaped, and what is computed as an ellipsis. */
const said = [...sourcesBelow('engine/modules'), ...sourcesBelow('roles')]
  .join('\n')
  .replaceAll("\\'", "'")
  .replace(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '…')

const roles = readdirSync(join(project, 'roles')).filter(name => name !== 'shared')

/** The messages in the first column of the table of failures. */
const messagesOf = (readme: string): readonly string[] =>
  (readme.split('\n## When it fails\n')[1] ?? '')
    .split('\n')
    .filter(line => line.startsWith('| «'))
    .flatMap(line => [...(line.split(' | ')[0] ?? '').matchAll(/«([^»]+)»/g)].map(([, message = '']) => message))

for (const role of roles) {
  t.test(`${role}: what its README says of failures is what is said`, async t => {
    const messages = messagesOf(readFileSync(join(project, 'roles', role, 'README.md'), 'utf8'))
    t.ok(messages.length >= 3, `${messages.length} failures`)
    for (const message of messages) {
      const parts = message.split('…').map(part => part.trim())
      const [longest = ''] = parts.toSorted((a, b) => b.length - a.length)
      t.ok(longest.length >= 5 && said.includes(longest), message)
    }
  })
}
