import type { Messages } from '../../core/messages.js'
import type { Raw } from '../../core/module.js'
import { text } from '../../core/read.js'
import { quote, ShellText } from '../../shell/quote.js'
import { field } from './message-data.js'

export type PathKind = 'file' | 'directory' | 'link' | 'char' | 'block' | 'fifo' | 'socket'

/** What stands at a path, as stat(1) tells it. */
export interface PathStat {
  readonly kind: PathKind
  /** The bits of 07777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Names, or `UNKNOWN` where the number has none. */
  readonly owner: string
  readonly group: string
  /** Bytes. */
  readonly size: number
  /** Seconds since 1970. */
  readonly atime: number
  readonly mtime: number
  readonly ctime: number
  readonly device: number
  readonly inode: number
  readonly links: number
}

/** stat(1) of GNU and of busybox know these alike; `%f` has the type and the permissions. */
export const statFormat = '%f|%u|%g|%U|%G|%s|%X|%Y|%Z|%d|%i|%h'

const kinds: { readonly [type: number]: PathKind } = {
  1: 'fifo',
  2: 'char',
  4: 'directory',
  6: 'block',
  8: 'file',
  10: 'link',
  12: 'socket',
}

/** One line of `statFormat`; undefined where it is none. */
export const parseStat = (line: string): PathStat | undefined => {
  const [raw, uid, gid, owner, group, size, atime, mtime, ctime, device, inode, links] = line.split('|')
  const bits = Number.parseInt(raw ?? '', 16)
  const kind = kinds[bits >> 12]
  if (kind === undefined || owner === undefined || group === undefined || links === undefined) return undefined
  return {
    kind,
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    owner,
    group,
    size: Number(size),
    atime: Number(atime),
    mtime: Number(mtime),
    ctime: Number(ctime),
    device: Number(device),
    inode: Number(inode),
    links: Number(links),
  }
}

/** Whether a failed command said that there is no such path, or a link that goes in circles: anything else is not observed, never absent. */
export const saysAbsent = (raw: Raw): boolean =>
  /No such file or directory|Not a directory|Too many levels of symbolic links/.test(text(raw.stderr))

/** `~`, `~/` or `~user/` at the beginning of a path; the slash must stay unquoted, or the shell takes the tilde as it is. */
export const homeOf = (path: string): string => /^~[\w.-]*(?:\/|$)/.exec(path)?.[0] ?? ''

/** A path as a shell word; a leading `~/` or `~user/` is left to the host's shell. */
export const shellPath = (path: string): ShellText => {
  const home = homeOf(path)
  const rest = path.slice(home.length)
  return new ShellText(home + (rest === '' && home !== '' ? '' : quote(rest)))
}

/**
 * Prints the record `parent` or `no-parent`: whether the parent folder of `$f` is there; `barred` and a path, where something stands on
 * the way that is no folder, so that none can be made. `$d` is the parent folder afterwards. No forks.
 */
export const parentCheck = `case $f in */*) d=\${f%/*} ;; *) d=. ;; esac; u=$d
while [ -n "$u" ] && [ ! -e "$u" ] && [ ! -L "$u" ]; do case $u in */*) u=\${u%/*} ;; *) u= ;; esac; done
if [ -d "\${d:-/}" ]; then printf 'parent\\0'; elif [ -z "$u" ] || [ -d "$u" ]; then printf 'no-parent\\0'; else printf 'barred %s\\0' "$u"; fi`

/** Where `parentCheck` says that no folder can be made. */
export const barredRefusal = (
  path: string,
): { readonly refused: 'barred'; readonly data: { readonly path: string } } => ({
  refused: 'barred',
  data: { path },
})

export const barredMessage: Messages['codes'] = {
  barred: data => ({
    what: `no folder can be made below ${field(data, 'path')}: it is not a directory`,
    remedy: 'remove it in an earlier task (`file` with state: absent), or name another path',
  }),
}

/** `0644`, as Ansible prints a mode. */
export const octal = (mode: number): string => `0${mode.toString(8).padStart(3, '0')}`
