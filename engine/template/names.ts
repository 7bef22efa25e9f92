/** Collections whose modules, filters, tests and lookups go by their short names here. */
const collections =
  /^(?:ansible\.(?:builtin|legacy|netcommon|posix|utils)|community\.(?:crypto|general)|kubernetes\.core|tkplay)\./

/** The name without the collection that it comes from in Ansible: `copy` for `ansible.builtin.copy`. */
export const shortName = (name: string): string => name.replace(collections, '')
