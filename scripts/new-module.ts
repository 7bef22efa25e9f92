/** `npm run new:module FOLDER/NAME`: a module with its cases, in the list of modules. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { moduleFolders } from './lib/module-files.js'
import { create, script } from './lib/new/create.js'
import { newModule } from './lib/new/module.js'
import { checkModulePath } from './lib/new/names.js'

const generateModules = fileURLToPath(new URL('generate-modules.js', import.meta.url))

script(() => {
  create(newModule(checkModulePath(process.argv[2], moduleFolders())))
  execFileSync(process.execPath, [generateModules])
  process.stdout.write(`and engine/modules/index.ts lists it.

Next: make it do what you want (docs/writing-a-module.md), then
  npm test -- engine/modules/cases     its cases
  npm run generate                     its page in docs/modules
`)
})
