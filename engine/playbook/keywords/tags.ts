/**
 * Whether a step with these tags runs under `--tags` and `--skip-tags`. As in Ansible: `always` runs unless skipped by name,
 * `never` runs only when asked for by one of its tags; `tagged`, `untagged` and `all` are words of the flags.
 * @param only `--tags`; empty is `all`
 * @param skip `--skip-tags`
 */
export const tagsSelect = (tags: readonly string[], only: readonly string[], skip: readonly string[]): boolean =>
  chosen(tags, only.length === 0 ? ['all'] : only) && !skipped(tags, skip)

const chosen = (tags: readonly string[], only: readonly string[]): boolean => {
  if (tags.includes('always')) return true
  if (only.includes('all') && !tags.includes('never')) return true
  if (tags.some(tag => only.includes(tag))) return true
  if (only.includes('tagged')) return tags.length > 0 && !tags.includes('never')
  return only.includes('untagged') && tags.length === 0
}

const skipped = (tags: readonly string[], skip: readonly string[]): boolean => {
  if (skip.includes('all')) return !tags.includes('always') || skip.includes('always')
  if (tags.some(tag => skip.includes(tag))) return true
  if (skip.includes('tagged') && tags.length > 0) return true
  return skip.includes('untagged') && tags.length === 0
}
