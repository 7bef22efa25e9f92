import { tidyPath } from '../../config/schema/host-path.js'
import { bare, inserted, linesOf } from '../support/lines.js'

/** fstab(5): one file system. */
export interface FstabEntry {
  readonly src: string
  readonly path: string
  readonly fstype: string
  readonly opts: string
  readonly dump: string
  readonly passno: string
}

/** Blanks and backslashes are written as octal numbers, there and in /proc/self/mountinfo. */
export const escapeField = (text: string): string =>
  text.replace(/[ \t\n\\]/g, char => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)

export const unescapeField = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

/** Only blanks and tabs separate fields. */
const parseEntry = (line: string): FstabEntry | undefined => {
  const fields = bare(line).replace(/^[ \t]+|[ \t]+$/g, '')
  if (fields === '' || fields.startsWith('#')) return undefined
  const [src, path, fstype, opts = 'defaults', dump = '0', passno = '0'] = fields.split(/[ \t]+/).map(unescapeField)
  return src === undefined || path === undefined || fstype === undefined
    ? undefined
    : { src, path, fstype, opts, dump, passno }
}

const formatEntry = ({ src, path, fstype, opts, dump, passno }: FstabEntry): string =>
  `${[src, path, fstype, opts, dump, passno].map(escapeField).join(' ')}\n`

type Key = Pick<FstabEntry, 'path'> & { readonly src?: string }

/** Swap has no mount point: the field holds a word. */
export const hasNoMountPoint = (path: string): boolean => path === 'none' || path === 'swap'

/** Whether a line is about that mount point; lines without a mount point are told apart by the device, where it is named. */
const isFor = (key: Key, entry: FstabEntry | undefined): entry is FstabEntry => {
  if (entry === undefined) return false
  if (!hasNoMountPoint(key.path)) return tidyPath(entry.path) === tidyPath(key.path)
  if (!hasNoMountPoint(entry.path)) return false
  return key.src === undefined ? entry.path === key.path && entry.fstype === 'swap' : entry.src === key.src
}

/** The last line about that mount point, by which mount(8) mounts it where only the mount point is named. */
export const entryFor = (text: string, key: Key): FstabEntry | undefined =>
  linesOf(text)
    .map(parseEntry)
    .findLast(entry => isFor(key, entry))

/** The text with the entry in it: the very same text where it says so already, blanks aside. */
export const withEntry = (text: string, entry: FstabEntry): string => {
  const lines = linesOf(text)
  const at = lines.findLastIndex(line => isFor(entry, parseEntry(line)))
  if (at === -1) {
    const ended = text === '' || text.endsWith('\n') ? lines : [...lines, '\n']
    return inserted(ended, ended.length, formatEntry(entry)).join('')
  }
  const present = parseEntry(lines[at] ?? '')
  const same = present !== undefined && formatEntry(present) === formatEntry({ ...entry, path: present.path })
  return same ? text : lines.with(at, formatEntry(entry)).join('')
}

export const withoutEntry = (text: string, key: Key): string =>
  linesOf(text)
    .filter(line => !isFor(key, parseEntry(line)))
    .join('')

/** Swap made a comment. */
export const withoutSwap = (text: string): string =>
  linesOf(text)
    .map(line => (parseEntry(line)?.fstype === 'swap' ? `# ${line}` : line))
    .join('')
