import t from 'tap'
import { parseDocument, stringify } from 'yaml'
import { allModules } from '../../../engine/cli/project/modules.js'
import { controllerEnv } from '../../../engine/cli/project/templates.js'
import { loadPlaybook } from '../../../engine/playbook/playbook.js'
import { saidLater } from '../config/errors.js'

const table = await allModules()
const modules = [...new Map([...table.values()].map(module => [module.name, module])).values()]

/** A list of tasks, as it is written, below a play. */
const playWith = (tasks: string): string =>
  `- hosts: all\n  tasks:\n${tasks
    .trim()
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n')}\n`

/** What the tasks of an example take from the folders beside the play. */
const filesOf = (tasks: string): { readonly [name: string]: string } =>
  Object.fromEntries([...tasks.matchAll(/^ +src: ([\w.-]+)$/gm)].map(([, file = '']) => [file, '']))

for (const { name, examples = '' } of modules) {
  t.test(`${name}: its examples stand alone`, async t => {
    const tasks = parseDocument(examples).toJS() as readonly unknown[]
    const texts = [examples, ...tasks.map(task => stringify([task]))]
    for (const text of texts) {
      const dir = t.testdir({ 'site.yml': playWith(text), files: filesOf(text), templates: filesOf(text) })
      let warnings: readonly { readonly message: string }[] = []
      const said = await saidLater(async () => {
        const options = { modules: table, templates: controllerEnv(), inventoryNames: [] }
        warnings = (await loadPlaybook([`${dir}/site.yml`], options)).warnings
      })
      t.equal(said.replaceAll(`${dir}/`, ''), 'no error', text)
      t.strictSame(warnings, [], text)
    }
  })
}
