/** Python's str.splitlines(): other characters than a newline end a line too. */
export const splitLines = (self: string, keepEnds = false): readonly string[] => {
  const lines = self.match(/[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g) ?? []
  const kept = lines.at(-1) === '' ? lines.slice(0, -1) : lines
  return keepEnds ? kept : kept.map(line => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''))
}
