/** Whether a pattern of `*` and `?` covers the whole text, as ssh matches host names: without regard to case. */
export const wildcard = (pattern: string, text: string): boolean => {
  const source = pattern
    .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'is').test(text)
}
