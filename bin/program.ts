/**
 * The content of the bundle: the command, the package `tkplay` for users' roles and modules, and the roles that come
 * with tkplay.
 */
export { main } from '../engine/cli/main.js'
export * as api from '../engine/index.js'
export { ownRole } from '../engine/playbook/roles/own-role.js'
