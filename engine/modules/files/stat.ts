import { NotObserved } from '../../core/failure.js'
import type { Json } from '../../core/json.js'
import { defineModule, type Raw } from '../../core/module.js'
import { read } from '../../core/read.js'
import { ShellText, sh } from '../../shell/quote.js'
import { nulRecords, recordOf, resolved } from '../support/nul-records.js'
import { octal, type PathStat, parseStat, saysAbsent, shellPath, statFormat } from '../support/path.js'
import * as schema from '../support/schema.js'
import { lookAt } from '../support/writes.js'

interface Params {
  readonly path: string
  readonly follow: boolean
  readonly get_checksum: boolean
  readonly get_mime: boolean
  readonly get_attributes: boolean
  readonly checksum_algorithm: 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'
}

interface Seen {
  readonly path: string
  readonly stat?: PathStat
  /** What the user that asks may do. */
  readonly may?: { readonly read: boolean; readonly write: boolean; readonly execute: boolean }
  readonly target?: string
  readonly source?: string
  readonly checksum?: string
  readonly mime?: string
  /** lsattr's letters. */
  readonly flags?: string
}

/** What stands at a path. Semantics and result: Ansible's `stat`. */
export const stat = defineModule<Params, Seen, never>({
  name: 'stat',
  kind: 'state',
  verify: 'strict',
  doc: `Tells whether a path is there, and what it is: \`result.stat.exists\`, \`.isdir\`, \`.mode\`, \`.size\`, \`.checksum\` and so on.

In a dry run the answer is unknown where an earlier task would change it. \`check_mode: false\` asks for today's.`,
  params: schema.object(
    {
      path: schema.pathOrFolder('The path; an empty one is not there.', { aliases: ['dest', 'name'], minLength: 0 }),
      follow: schema.bool('Tell of what a link leads to.', false),
      get_checksum: schema.bool('Read the file for its checksum.', true),
      get_mime: schema.bool('Ask file(1) what kind of content it is.', true, {
        aliases: ['mime', 'mime_type', 'mime-type'],
      }),
      get_attributes: schema.bool('Ask lsattr(1) for the flags.', true, { aliases: ['attr', 'attributes'] }),
      checksum_algorithm: schema.oneOf(
        'How the checksum is made.',
        ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
        'sha1',
        { aliases: ['checksum', 'checksum_algo'] },
      ),
    },
    ['path'],
  ),
  examples: `
- name: Is this node in a cluster?
  stat:
    path: /etc/kubernetes/kubelet.conf
  register: kubelet_conf
`,
  writes: [],
  looks: (_params, { path, source, stat: found }) => lookAt([path, source], found !== undefined),
  probe: params => read(script(params), parse),
  plan: () => ({ changes: [] }),
  apply: async () => {},
  value: (params, seen) => ({ stat: seen.stat === undefined ? { exists: false } : describe(params, seen, seen.stat) }),
})

const script = ({ path, follow, get_checksum, get_mime, get_attributes, checksum_algorithm }: Params): string =>
  [
    sh`f=${shellPath(path)}; printf 'path %s\0' "$f"`,
    sh`s=$(LC_ALL=C stat ${new ShellText(follow ? '-L ' : '')}-c ${statFormat} -- "$f") || exit 1; printf 'stat %s\0' "$s"`,
    'm=; [ ! -r "$f" ] || m=r; [ ! -w "$f" ] || m=$m\'w\'; [ ! -x "$f" ] || m=$m\'x\'; printf "may %s\\0" "$m"',
    follow
      ? `if [ -L "$f" ]; then ${source}; fi`
      : `if [ -L "$f" ]; then printf 'target '; readlink -n -- "$f"; printf '\\0'; ${source}; exit 0; fi`,
    get_checksum
      ? sh`if [ -f "$f" ] && [ -r "$f" ]; then printf 'sum %s\0' "$(${checksum_algorithm}sum < "$f")"; fi`
      : '',
    get_mime
      ? 'if command -v file >/dev/null; then printf "mime %s\\0" "$(file -b --mime-type --mime-encoding -- "$f" 2>/dev/null)"; fi'
      : '',
    get_attributes
      ? 'if command -v lsattr >/dev/null; then printf "flags %s\\0" "$(lsattr -vd -- "$f" 2>/dev/null)"; fi'
      : '',
    'exit 0',
  ]
    .filter(line => line !== '')
    .join('\n')

/** Where a link leads in the end. */
const source = `${resolved('"$f"')}; printf 'source %s\\0' "$r"`

const parse = (raw: Raw): Seen => {
  const records = nulRecords(raw)
  const told = (word: string): string | undefined => recordOf(records, word)
  const path = told('path')
  if (path === undefined) throw new NotObserved(raw)
  if (raw.rc === 1 && saysAbsent(raw)) return { path }
  const seen = parseStat(told('stat') ?? '')
  const may = told('may')
  if (raw.rc !== 0 || seen === undefined || may === undefined) throw new NotObserved(raw)
  const [target, source, sum, mime, flags] = ['target', 'source', 'sum', 'mime', 'flags'].map(
    name => told(name) || undefined,
  )
  return {
    path,
    stat: seen,
    may: { read: may.includes('r'), write: may.includes('w'), execute: may.includes('x') },
    ...(target === undefined ? {} : { target }),
    ...(source === undefined ? {} : { source }),
    ...(sum === undefined ? {} : { checksum: sum.split(' ')[0] ?? '' }),
    ...(mime === undefined ? {} : { mime }),
    ...(flags === undefined ? {} : { flags }),
  }
}

const describe = (params: Params, seen: Seen, found: PathStat): Json => ({
  exists: true,
  path: seen.path,
  mode: octal(found.mode).padStart(4, '0'),
  isdir: found.kind === 'directory',
  ischr: found.kind === 'char',
  isblk: found.kind === 'block',
  isreg: found.kind === 'file',
  isfifo: found.kind === 'fifo',
  islnk: found.kind === 'link',
  issock: found.kind === 'socket',
  uid: found.uid,
  gid: found.gid,
  size: found.size,
  inode: found.inode,
  dev: found.device,
  nlink: found.links,
  atime: found.atime,
  mtime: found.mtime,
  ctime: found.ctime,
  ...permissions(found.mode),
  readable: seen.may?.read ?? false,
  writeable: seen.may?.write ?? false,
  executable: seen.may?.execute ?? false,
  ...(found.owner === 'UNKNOWN' ? {} : { pw_name: found.owner }),
  ...(found.group === 'UNKNOWN' ? {} : { gr_name: found.group }),
  ...(seen.target === undefined ? {} : { lnk_target: seen.target, lnk_source: seen.source ?? '' }),
  ...(seen.checksum === undefined ? {} : { checksum: seen.checksum }),
  ...(params.get_mime ? mimeOf(seen.mime) : {}),
  ...(params.get_attributes ? flagsOf(seen.flags) : {}),
})

const permissions = (mode: number): { readonly [name: string]: boolean } => ({
  ...Object.fromEntries(
    ['usr', 'grp', 'oth'].flatMap((who, index) =>
      ['r', 'w', 'x'].map((what, bit) => [`${what}${who}`, (mode & (0o400 >> (index * 3 + bit))) !== 0]),
    ),
  ),
  isuid: (mode & 0o4000) !== 0,
  isgid: (mode & 0o2000) !== 0,
})

/** `text/plain; charset=us-ascii` */
const mimeOf = (mime: string | undefined): { readonly [name: string]: Json } => {
  const [type = 'unknown', charset = 'unknown'] = mime?.split(/;\s*charset=/) ?? []
  return { mimetype: type, charset }
}

const flagNames: { readonly [letter: string]: string } = {
  a: 'append',
  A: 'noatime',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
}

/** lsattr -v: `1234 --------------e------- /path` */
const flagsOf = (line: string | undefined): { readonly [name: string]: Json } => {
  const [, version, letters = ''] = /^\s*(\d+)\s+(\S+)/.exec(line ?? '') ?? []
  const set = letters.replaceAll('-', '')
  return {
    version: version ?? null,
    attributes: [...set].flatMap(letter => flagNames[letter] ?? []),
    attr_flags: set,
  }
}
