import type { Raw } from '../../core/module.js'
import { sh } from '../../shell/quote.js'
import { nulSeparated } from '../support/nul-separated.js'

/** A file that sets kernel parameters at boot. */
export interface BootFile {
  readonly path: string
  readonly text: string
}

/** The line that has the last word at boot; without a value it takes the setting back. */
export interface LastWord {
  readonly path: string
  readonly line: number
  readonly value?: string
}

/** In the order in which one hides another of its name. Source: sysctl.d(5). */
const folders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d']

/**
 * Shell text that prints the files that are read at boot after this one, which may be read by way of a link: path and text of each. A link
 * to /dev/null is empty, and hides.
 */
export const printBootFilesAfter = (own: string): string => sh`m=${baseName(own)}
for d in ${folders}; do cd "$d" 2>/dev/null || continue
  for f in *.conf; do [ "$f" -ef ${own} ] && m=$f; done
done
for d in ${folders}; do cd "$d" 2>/dev/null || continue
  for f in *.conf; do
    [ "$f" \> "$m" ] && [ -e "$f" ] && ! [ -d "$f" ] || continue
    printf '%s\0' "$d/$f"; tr -d '\000' <"$f" || exit 1; printf '\0'
  done
done`

/** What `printBootFilesAfter` printed, from that part of the answer on. */
export const bootFiles = (raw: Raw, from: number): readonly BootFile[] => {
  const all = nulSeparated(raw, from).slice(from, -1)
  return Array.from({ length: Math.floor(all.length / 2) }, (_, index) => {
    const [path = '', text = ''] = all.slice(index * 2)
    return { path, text }
  })
}

/**
 * What the files set last. systemd-sysctl goes through them sorted by name, whatever folder they lie in, and the last line for a parameter
 * counts; a pattern never beats a line for the parameter itself. Source: systemd-sysctl.service(8), sysctl.d(5).
 */
export const lastWordOn = (name: string, files: readonly BootFile[]): LastWord | undefined => {
  const byName = new Map<string, BootFile>()
  for (const file of files) if (!byName.has(baseName(file.path))) byName.set(baseName(file.path), file)
  const keys = new Set([name, ...(others[name] ?? [])].map(sysctlPath))
  return [...byName.values()]
    .sort((a, b) => Buffer.compare(Buffer.from(baseName(a.path)), Buffer.from(baseName(b.path))))
    .flatMap(({ path, text }) => settingsIn(text).map(one => ({ path, ...one })))
    .filter(({ key }) => keys.has(sysctlPath(key)))
    .map(({ path, line, value }) => ({ path, line, ...(value === undefined ? {} : { value }) }))
    .at(-1)
}

/** The kernel has two names for one switch. */
const others: { readonly [name: string]: readonly string[] } = {
  'net.ipv4.ip_forward': ['net.ipv4.conf.all.forwarding'],
}

/** sysctl(8): where the first separator is a dot, dots and slashes change places; otherwise it is a path as it stands. */
export const sysctlPath = (name: string): string => {
  const firstIsDot = /^[^./]*\./.test(name)
  const swapped = firstIsDot ? name.replace(/[./]/g, mark => (mark === '.' ? '/' : '.')) : name
  return `/proc/sys/${swapped}`
}

/** Lines with a value, and those that only name a parameter behind a dash, which takes it back. */
const settingsIn = (
  text: string,
): readonly { readonly key: string; readonly line: number; readonly value?: string }[] =>
  text.split('\n').flatMap((said, index) => {
    const line = said.trim()
    const at = line.indexOf('=')
    if (/^[#;]/.test(line) || (at === -1 && !line.startsWith('-'))) return []
    const key = line.slice(line.startsWith('-') ? 1 : 0, at === -1 ? undefined : at).trim()
    return [{ key, line: index + 1, ...(at === -1 ? {} : { value: line.slice(at + 1).trim() }) }]
  })

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
