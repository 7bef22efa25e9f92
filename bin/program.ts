/** What the bundle holds: the command, what users' roles and modules import as `tkplay`, and the roles that come with it. */
export { main } from '../engine/cli/main.js'
export * as api from '../engine/index.js'
export { ownRole } from '../engine/playbook/roles/own-role.js'
