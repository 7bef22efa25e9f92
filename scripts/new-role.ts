/** `npm run new:role NAME`: a role with its README and its test. Roles are found by their folder: nothing lists them. */
import { create, script } from './lib/new/create.js'
import { checkName } from './lib/new/names.js'
import { newRole } from './lib/new/role.js'

script(() => {
  const name = checkName(process.argv[2], 'role')
  create(newRole(name))
  process.stdout.write(`
Next: make it do what you want (docs/writing-a-role.md), then
  npm test -- roles/${name}            its test
  npm run generate                     its page in docs/roles
`)
})
