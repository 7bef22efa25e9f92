import type { Files } from '../generated.js'
import { camelCase, type ModulePath, pascalCase } from './names.js'

/** A working module that keeps a text in a file, with its cases, to be changed. */
export const newModule = ({ folder, name }: ModulePath): Files =>
  new Map([
    [`engine/modules/${folder}/${name}.ts`, source(name, '../'.repeat(folder.split('/').length))],
    [`test/cases/${name}/plan.yml`, cases(name)],
  ])

/** @param up the relative path from the module's folder to engine/modules */
const source = (name: string, up: string): string => `import { type Change, defineModule } from '${up}../core/module.js'
import { fileText } from '${up}../core/read.js'
import { quote } from '${up}../shell/quote.js'
import { object, path, str } from '${up}support/schema.js'

interface Params {
  readonly path: string
  readonly text: string
}

interface Seen {
  readonly text: string | undefined
}

type ${pascalCase(name)} = Change & { readonly kind: 'put'; readonly text: string }

/** Keeps a text in a file. */
export const ${camelCase(name)} = defineModule<Params, Seen, ${pascalCase(name)}>({
  name: '${name}',
  kind: 'state',
  doc: 'Keeps a text in a file.',
  params: object({ path: path('The file.'), text: str('The text of the file.') }, ['path', 'text']),
  examples: \`- name: a greeting
  ${name}:
    path: /etc/motd
    text: Welcome.
\`,

  writes: p => [p.path],
  probe: p => ({ kind: 'all', of: { text: fileText(quote(p.path)) } }),

  plan(p, seen) {
    const text = \`\${p.text}\\n\`
    if (seen.text === text) return { changes: [] }
    const diff = { path: p.path, before: seen.text, after: text }
    return { changes: [{ kind: 'put', text, summary: \`text of \${p.path}\`, diff }] }
  },

  async apply(change, p, host) {
    await host.put(p.path, change.text)
  },
})
`

const cases = (name: string): string => `- name: converged
  params: { path: /etc/motd, text: Welcome. }
  seen: { text: "Welcome.\\n" }
  changes: []

- name: ${name} writes what is missing
  params: { path: /etc/motd, text: Welcome. }
  seen: { text: }
  writes: [/etc/motd]
  changes:
    - { kind: put, text: "Welcome.\\n", diff: { path: /etc/motd, after: "Welcome.\\n" } }

- name: ${name} writes over another text
  params: { path: /etc/motd, text: Welcome. }
  seen: { text: "Go away.\\n" }
  changes:
    - { kind: put, summary: text of /etc/motd, diff: { before: "Go away.\\n", after: "Welcome.\\n" } }
`
