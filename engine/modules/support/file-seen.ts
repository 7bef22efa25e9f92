import { NotObserved } from '../../core/failure.js'
import type { Raw, Read } from '../../core/module.js'
import { type ReadOptions, read } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { sha256 } from './checksum.js'
import { asText } from './file-body.js'
import { resolved, utf8 } from './nul-records.js'
import { type PathStat, parentCheck, parseStat, saysAbsent, shellPath, statFormat } from './path.js'

/** What stands at a path, with the text of a regular file. */
export interface FileSeen {
  /** Where it really is: `~` and links resolved. Write there. */
  readonly path: string
  /** Absent: nothing is there. */
  readonly stat?: PathStat
  /** Whether the folder that it stands in, or would stand in, is there. */
  readonly parent: boolean
  /** What is on the way and no folder. */
  readonly barred?: string
  /** Whether the path itself is a symbolic link. */
  readonly link?: true
  /** Hex; of a regular file. */
  readonly sha256?: string
  /** Absent when it was not read: the checksum was the expected one, or the file is binary or too large to show. */
  readonly text?: string
  readonly binary?: true
}

export interface FileOptions extends ReadOptions {
  /** The wanted checksum: a file that has it is not read. */
  readonly unlessSha256?: string
  /** Bytes; a larger file's text is not read. */
  readonly limit?: number
  /** Whether a symbolic link stands for the file that it leads to; true by default. */
  readonly follow?: boolean
  /** The name that the file gets where the path turns out to be a folder. */
  readonly inFolder?: string
  /** Where this is a folder, the path counts as one too, though it is not there yet. */
  readonly likeFolder?: string
  /** False: only look, do not read; true by default. */
  readonly content?: boolean
}

/** Files whose text is read for a diff. */
export const diffLimit = 100_000

/** Looks at a file, and reads its text where it is another than the expected one. One to three forks. */
export const fileSeen = (path: string, options: FileOptions = {}): Read<FileSeen> => {
  const {
    unlessSha256 = '',
    limit = diffLimit,
    follow = true,
    inFolder = '',
    likeFolder = '',
    content = true,
    ...rest
  } = options
  const wanted = content ? contentOf(unlessSha256, limit, follow) : ''
  return read(lookAt(path, { follow, inFolder, likeFolder }) + wanted, parseFile, rest)
}

/** A file that will be edited: always with its text. */
export const textFile = (path: string, options: ReadOptions = {}): Read<FileSeen> =>
  fileSeen(path, { ...options, limit: Number.MAX_SAFE_INTEGER })

const resolveLink = new ShellText(`if [ -L "$f" ]; then ${resolved('"$f"')}; f=\${r:-$f}; fi`)

const intoFolder = (name: string, like: string): ShellText =>
  new ShellText(
    sh`if [ -d "$f" ]${new ShellText(like === '' ? '' : sh` || [ -d ${shellPath(like)} ]`)}; then f=${new ShellText('"${f%/}"')}/${name}; fi`,
  )

type LookOptions = Required<Pick<FileOptions, 'follow' | 'inFolder' | 'likeFolder'>>

const lookAt = (path: string, { follow, inFolder, likeFolder }: LookOptions): string => sh`f=${shellPath(path)}
${inFolder === '' ? new ShellText('') : intoFolder(inFolder, likeFolder)}
if [ -L "$f" ]; then printf 'link\0'; else printf '\0'; fi
${follow ? resolveLink : new ShellText('')}
printf '%s\0' "$f"
${new ShellText(parentCheck)}
t=$(LC_ALL=C stat -c ${statFormat} -- "$f") || exit 1
printf '%s\0' "$t"`

/** The checksum, and the text unless it is the expected one or too large; a text that is wanted anyway needs no checksum. */
const contentOf = (unlessSha256: string, limit: number, follow: boolean): string => {
  const regular = sh`
if [ ! -f "$f" ] || { [ -L "$f" ] && [ ${follow ? 'follow' : 'stay'} = stay ]; }; then exit 0; fi`
  if (unlessSha256 === '' && limit === Number.MAX_SAFE_INTEGER) {
    return `${regular}
printf 'text\\0'
cat < "$f" || exit 2`
  }
  return sh`${new ShellText(regular)}
c=$(sha256sum < "$f") || exit 2
printf '%s\0' "$c"
${new ShellText('t=${t#*|*|*|*|*|} && t=${t%%|*} && c=${c%% *}')}
if [ "$c" != ${unlessSha256 === '' ? '-' : unlessSha256} ] && [ "$t" -le ${limit} ]; then cat < "$f"; fi`
}

const parseFile = (raw: Raw): FileSeen => {
  const { fields, rest } = splitFields(raw, 5)
  const [link, path, parent, statLine, checksum] = fields
  if (path === undefined || parent === undefined) throw new NotObserved(raw)
  const base = {
    path,
    parent: parent === 'parent',
    ...(parent.startsWith('barred ') ? { barred: parent.slice('barred '.length) } : {}),
    ...(link === 'link' ? { link: true as const } : {}),
  }
  if (raw.rc === 1 && statLine === undefined && saysAbsent(raw)) return base
  const stat = parseStat(statLine ?? '')
  if (raw.rc !== 0 || stat === undefined) throw new NotObserved(raw)
  if (checksum === undefined) return { ...base, stat }
  if (checksum === 'text') return { ...base, stat, sha256: sha256(rest), ...decoded(rest) }
  const known = { ...base, stat, sha256: checksum.slice(0, 64) }
  return stat.size > 0 && rest.length === 0 ? known : { ...known, ...decoded(rest) }
}

const decoded = (bytes: Uint8Array): { text: string } | { binary: true } => {
  const text = asText(bytes)
  return text === undefined ? { binary: true } : { text }
}

/** The first fields, at most `count`, each ended by NUL, and the bytes after them. @throws NotObserved where one is not UTF-8 */
const splitFields = (raw: Raw, count: number): { readonly fields: readonly string[]; readonly rest: Uint8Array } => {
  const bytes = raw.stdout
  const fields: string[] = []
  let at = 0
  while (fields.length < count) {
    const end = bytes.indexOf(0, at)
    if (end === -1) break
    fields.push(utf8(raw, bytes.subarray(at, end)))
    at = end + 1
  }
  return { fields, rest: bytes.subarray(at) }
}
