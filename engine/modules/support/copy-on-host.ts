import { posix } from 'node:path'
import { NotObserved } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import { type All, all, type Change, type Plan, type Raw, type Read, type Session } from '../../core/module.js'
import { omitUndefined } from '../../core/omit-undefined.js'
import { read, text } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { foldersScript } from '../../shell/safe-change.js'
import { safePath } from '../../shell/safe-path.js'
import { copyTreeScript } from '../../shell/safe-tree.js'
import { backup as keepOld, temporary } from '../../shell/safe-write.js'
import {
  type AttributeBits,
  type Attributes,
  applyAttributes,
  attributeDifference,
  describeAttributes,
  type SetAttributes,
  setAttributes,
} from './attributes.js'
import { sumIn } from './checksum.js'
import { type FileSeen, fileSeen } from './file-seen.js'
import { needsFile, needsFolder } from './needs.js'
import { type NulRecord, nulRecords } from './nul-records.js'
import { barredRefusal, shellPath } from './path.js'
import { type FileParams, withoutPreserve } from './put-file.js'
import { notShown, viaOf } from './write-file.js'

/** Copying from one place of the host to another: `remote_src`. */
export interface HostCopySeen {
  readonly src: FileSeen
  readonly dest: FileSeen
  /** Only where the source is a folder: what is below it and below the destination, files by their checksums. */
  readonly trees: { readonly src: Listing; readonly dest: Listing; readonly inside?: true }
}

/** Relative path → `d`, `l:target` or `f:sha256`. */
export type Listing = { readonly [path: string]: string }

export type HostCopy = Change & {
  readonly kind: 'copy-on-host'
  readonly from: string
  readonly to: string
  readonly folder: boolean
  readonly backup?: boolean
  readonly validate?: string
} & AttributeBits

export type HostCopyChange = HostCopy | SetAttributes

export const probeHostCopy = (src: string, dest: string): All<HostCopySeen> => {
  const name = src.endsWith('/') ? undefined : posix.basename(src)
  const inside = dest.endsWith('/') && name !== undefined
  const to = inside ? dest + name : dest.replace(/(?<=.)\/+$/, '')
  const folderToo = inside || name === undefined ? {} : { inFolder: name, likeFolder: src }
  return all<HostCopySeen>({
    src: fileSeen(src.replace(/(?<=.)\/+$/, ''), { limit: -1 }),
    dest: fileSeen(to, { limit: -1, follow: false, ...folderToo }),
    trees: listings(src, dest, name),
  })
}

/** Both trees in one read, where the source is a folder: a listing is small, and the contents stay where they are. */
const listings = (src: string, dest: string, name: string | undefined): Read<HostCopySeen['trees']> => {
  const inside = name === undefined ? new ShellText('') : new ShellText(sh`d=$d/${name}`)
  return read(
    sh`s=${shellPath(src)}; d=${shellPath(dest)}
[ -d "$s" ] || exit 0
${inside}
${isInside}
for t in "$s" "$d"; do
  printf 'tree\0'
  if [ -d "$t" ]; then (cd -- "$t" && find . -type d -exec printf 'folder %s\0' {} + && find . -type l -exec sh -c ${linksScript} - {} + && find . -type f -exec sh -c ${sumsScript} - {} +) || exit 2; fi
done`,
    parseListings,
    { timeout: 60_000 },
  )
}

/** Whether the destination is beneath the source. */
const isInside = new ShellText(`u=\${d%/}
while [ -n "$u" ]; do
  case $u in */*) u=\${u%/*} ;; *) u= ;; esac
  if [ "\${u:-/}" -ef "$s" ]; then printf 'inside\\0'; break; fi
done`)

const linksScript = `for l; do printf 'link %s\\0to ' "$l"; readlink -n -- "$l"; printf '\\0'; done`

/** A line of sha256sum for each file of a batch, in the order of the names; then the names. */
const sumsScript = `printf 'sums '; sha256sum -- "$@" && printf '\\0' && printf 'file %s\\0' "$@"`

const parseListings = (raw: Raw): HostCopySeen['trees'] => {
  if (raw.rc !== 0) throw new NotObserved(raw)
  const records = nulRecords(raw)
  const second = records.findLastIndex(({ word }) => word === 'tree')
  return {
    src: listing(raw, records.slice(0, Math.max(0, second))),
    dest: listing(raw, records.slice(second + 1)),
    ...(records.some(({ word }) => word === 'inside') ? { inside: true } : {}),
  }
}

const listing = (raw: Raw, records: readonly NulRecord[]): Listing => {
  const values = (word: string): readonly string[] =>
    records.filter(record => record.word === word).map(({ value }) => value)
  const files = values('file')
  const sums = values('sums').flatMap(lines => lines.trimEnd().split('\n').map(sumIn))
  const [links, targets] = [values('link'), values('to')]
  if (sums.length !== files.length || links.length !== targets.length)
    throw new NotObserved(raw, 'the folder changed while it was read')
  return Object.fromEntries([
    ...values('folder').map(path => [path, 'd']),
    ...links.map((path, index) => [path, `l:${targets[index]}`]),
    ...files.map((path, index) => [path, `f:${sums[index]}`]),
  ])
}

export const planHostCopy = (
  params: FileParams & { readonly src: string },
  seen: HostCopySeen,
): Plan<HostCopyChange> => {
  const { src, dest, trees } = seen
  if (src.stat === undefined) return needsFile(src.path)
  const folder = src.stat.kind === 'directory'
  if (!folder && dest.stat === undefined && !dest.parent && !params.dest.endsWith('/')) {
    return needsFolder(posix.dirname(dest.path))
  }
  if (dest.barred !== undefined) return barredRefusal(dest.barred)
  if (trees.inside === true) return { refused: 'into-itself', data: { src: src.path, dest: dest.path } }
  if (dest.stat !== undefined && !params.force) return { changes: [] }
  const wanted = withoutPreserve(params, src.stat)
  const same = folder
    ? Object.entries(trees.src).every(([path, what]) => trees.dest[path] === what)
    : dest.stat?.kind === 'file' && dest.sha256 === src.sha256
  if (same && dest.stat !== undefined) return { changes: setAttributes(dest.path, wanted, dest.stat) }
  return { changes: [hostCopy(params, wanted, seen, folder)] }
}

const hostCopy = (
  params: FileParams & { readonly src: string },
  wanted: Attributes,
  { src, dest }: HostCopySeen,
  folder: boolean,
): HostCopy => {
  const difference = attributeDifference(wanted, dest.stat, folder) ?? {}
  const words = describeAttributes(difference, dest.stat)
  // A link is followed anew, where that is safe: by now another file may be there, which only root may read.
  const from = viaOf(src, params.src.replace(/(?<=.)\/+$/, '')) ?? src.path
  const shown = ({ stat, sha256 }: FileSeen): string | undefined =>
    stat === undefined ? undefined : notShown(stat.size, sha256)
  return {
    kind: 'copy-on-host',
    from,
    to: dest.path,
    folder,
    ...difference,
    ...omitUndefined({ backup: (params.backup && dest.stat !== undefined) || undefined, validate: params.validate }),
    summary: `${src.path} → ${dest.path}${words === '' ? '' : `, ${words}`}`,
    ...(folder ? {} : { diff: { path: dest.path, before: shown(dest), after: shown(src) } }),
  }
}

/** A file is copied beside its destination and moved there, so that nobody reads half of it. */
export const applyHostCopy = async (change: HostCopyChange, host: Session): Promise<Json | void> => {
  if (change.kind === 'attributes') return applyAttributes(host, change)
  const { from, to, folder } = change
  const shown = `copy ${from} to ${to}`
  if (folder) {
    await host.shell(copyTreeScript(from, to), { shown })
    return applyAttributes(host, { ...change, path: to })
  }
  await host.shell(foldersScript(posix.dirname(to), {}), { shown: `make the folder of ${to}` })
  const { stdout } = await host.shell(fileCopy(change), { shown })
  const copy = text(stdout).trim()
  return copy === '' ? undefined : { backup_file: copy }
}

/** The source is opened first, and is the same file from then on, whoever may change its folder. */
const fileCopy = ({
  from,
  to,
  backup,
  validate,
  mode,
  owner,
  group,
}: HostCopy): string => sh`${new ShellText(safePath)}set -e; umask 077; make= kept=
tk_at ${from} follow
if [ -n "$open" ]; then tk_hide; tk_hold; if [ -f ./old ] && [ ! -L ./old ]; then exec 3<./old; else tk_no ${from} ..; fi; tk_show; else exec 3<"./$n"; fi
tk_at ${to}; p=${to}
${new ShellText(temporary)}
cp -p -- /proc/self/fd/3 "$t"
${new ShellText(owner === undefined && group === undefined ? '' : sh`chown ${`${owner ?? ''}${group === undefined ? '' : `:${group}`}`} -- "$t"`)}
${new ShellText(mode === undefined ? '' : sh`chmod ${mode.toString(8).padStart(4, '0')} -- "$t"`)}
${new ShellText(validate === undefined ? '' : `${validate.replaceAll('%s', '"$shown"')} >&2`)}
${new ShellText(backup === true ? keepOld : '')}
[ -z "$kept" ] || printf '%s\n' "$kept"
if [ -n "$open" ]; then mv -fT -- "$t" "$u/$n"; else mv -fT -- "$t" "$u/$n" 2>/dev/null || cat < "$t" > "$u/$n"; fi`
