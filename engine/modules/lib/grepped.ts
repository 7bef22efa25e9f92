/** Files with their lines, by path, of what `grep -sH ''` prints of them: all in one fork. Empty files are not among them. */
export const filesOf = (printed: string): { readonly [path: string]: string } => {
  const files: { [path: string]: string } = {}
  for (const line of printed.split('\n')) {
    const [, path, rest] = /^(\/[^:]*):(.*)$/.exec(line) ?? []
    if (path !== undefined) files[path] = `${files[path] ?? ''}${rest}\n`
  }
  return files
}
