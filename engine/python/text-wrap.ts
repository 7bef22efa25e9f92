/**
 * Python's textwrap.wrap with expand_tabs=False and replace_whitespace=False, which is how Jinja2's wordwrap calls it:
 * a line's words, broken at white space and hyphens, at most `width` wide.
 */
export const wrapText = (line: string, width: number, breakLong: boolean, breakHyphens: boolean): readonly string[] => {
  // In reverse order, since removing the first item of a long array moves all the others.
  const chunks = pieces(line, breakHyphens).reverse()
  const lines: string[] = []
  while (chunks.length > 0) {
    if (lines.length > 0 && chunks.at(-1)?.trim() === '') chunks.pop()
    let current = ''
    while (chunks.length > 0 && current.length + (chunks.at(-1)?.length ?? 0) <= width) current += chunks.pop()
    const next = chunks.at(-1)
    if (next !== undefined && next.length > width) {
      const room = Math.max(1, width - current.length)
      if (breakLong) {
        current += next.slice(0, room)
        chunks[chunks.length - 1] = next.slice(room)
      } else if (current === '') current = chunks.pop() ?? ''
    }
    current = current.trimEnd()
    if (current !== '') lines.push(current)
  }
  return lines
}

/** Words, and the white space between them; words are split after their hyphens. */
const pieces = (line: string, hyphens: boolean): string[] => {
  const words = line.split(/(\s+)/).filter(word => word !== '')
  if (!hyphens) return words
  return words.flatMap(word => word.split(/(?<=[\p{L}\p{N}_]{2}-)(?=[\p{L}_][\p{L}\p{N}_])|(?<=[^-]--)(?=[^-])/u))
}
