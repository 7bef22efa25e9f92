import { didYouMean } from '../../config/did-you-mean.js'
import type { Diagnostic } from '../../core/diagnostic.js'
import type { Compilation } from '../compilation.js'

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
 * Variables that a step uses and nothing defines: no inventory, play, role, register, set_fact or fact. `perhaps`: they may still be
 * defined, after a step that brings names which are not known before it runs (include_vars, a TypeScript role, …).
 * @param known names from outside of the playbooks: the inventory's
 */
export const undefinedNames = (
  { load, uses }: Compilation,
  known: Iterable<string>,
): { readonly certain: readonly Diagnostic[]; readonly perhaps: readonly Diagnostic[] } => {
  const names = new Set([...load.names, ...known])
  const certain: Diagnostic[] = []
  const perhaps: Diagnostic[] = []
  for (const [index, use] of uses.all.entries()) {
    const { expr, guards } = use
    const found = use.certain && !uses.isOpenAt(index) ? certain : perhaps
    for (const name of expr.required ?? []) {
      if (names.has(name) || magic.has(name) || guards.has(name) || /^(?:ansible|tkplay|getent)_/.test(name)) continue
      const near = didYouMean(name, [...names, ...magic])
      found.push({
        about: 'variable',
        message: `'${name}' is not defined anywhere`,
        ...(expr.source === undefined ? {} : { source: expr.source }),
        hint: near ?? `define it in vars, in the inventory, or by -e ${name}=…`,
      })
    }
  }
  return { certain, perhaps }
}
