import { ShellText, sh } from '../../shell/quote.js'

/**
 * Shell text that prints the lines of files, each after its path: all in two forks. A byte that is none of a text shows as one that is no
 * UTF-8 (`isDamaged`).
 */
export const grepFiles = (...files: readonly ShellText[]): string =>
  sh`LC_ALL=C grep -asH '' ${new ShellText(files.join(' '))} | tr '\000' '\377'`

/** Files with their lines, by path, of what `grepAll` printed. Empty files are not among them. */
export const greppedFiles = (printed: string): { readonly [path: string]: string } => {
  const files: { [path: string]: string } = {}
  for (const line of printed.split('\n')) {
    const at = line.indexOf(':')
    if (!line.startsWith('/') || at === -1) continue
    const path = line.slice(0, at)
    files[path] = `${files[path] ?? ''}${line.slice(at + 1)}\n`
  }
  return files
}
