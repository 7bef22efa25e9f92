import { didYouMean } from '../config/did-you-mean.js'
import type { Problem } from './problems.js'
import type { Work } from './work.js'

/** Names that the engine gives to every host, play or role. */
const magic = new Set([
  'inventory_hostname',
  'inventory_hostname_short',
  'inventory_dir',
  'inventory_file',
  'group_names',
  'groups',
  'hostvars',
  'vars',
  'environment',
  'play_hosts',
  'playbook_dir',
  'role_name',
  'role_path',
  'role_names',
  'omit',
  'item',
  // What service_facts and package_facts bring.
  'services',
  'packages',
])

/**
 * Variables that a step asks for whenever it is reached, and that nothing gives: no inventory, play, role, register, set_fact or fact.
 * Says nothing of what comes after something that brings names not known before it runs (include_vars, a TypeScript role, …).
 * @param known names from outside of the playbooks: the inventory's
 */
export const undefinedNames = (work: Work, known: Iterable<string>): readonly Problem[] => {
  const names = new Set([...work.names, ...known])
  const found: Problem[] = []
  for (const { expr, certain } of work.uses.slice(0, work.open)) {
    if (!certain) continue
    for (const name of expr.required ?? []) {
      if (names.has(name) || magic.has(name) || /^(?:ansible|tkplay|getent)_/.test(name)) continue
      const near = didYouMean(name, [...names, ...magic])
      found.push({
        message: `'${name}' is not defined anywhere`,
        ...(expr.source === undefined ? {} : { source: expr.source }),
        hint: near ?? `define it in vars, in the inventory, or by -e ${name}=…`,
      })
    }
  }
  return found
}
